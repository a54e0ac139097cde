import { closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { StrongroomError } from "../../words/index.ts";
import { storeFailure } from "./failures.ts";
import { refuseMissing, refuseTorn } from "./integrity.ts";
import { migrate, refuseUnsuitable } from "./migrate.ts";
import { migrations as releasedMigrations } from "./migrations.ts";

/** What may be bound to a parameter. Undefined is refused by the type: absence in the database is null. */
export type Value = SQLInputValue;

/**
 * A prepared statement, kept for the life of the store. Rows are read at once, so no statement ever holds a read transaction
 * open.
 */
export interface Query<Row> {
  run(...values: Value[]): { readonly changes: number; readonly lastId: number };
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
}

/**
 * The state database: one file, one connection for each process that uses it.
 *
 * Guarantees:
 * - What a transaction wrote is wholly there or not at all, and survives kill and power cut once `transaction` returned (WAL,
 *   full sync).
 * - Several processes may use the file at once on one machine: readers never wait, writers queue for up to `busyTimeoutMs`.
 * - Everything thrown is a StrongroomError, but for what a caller's own callback throws, which passes unchanged after the
 *   roll-back.
 */
export interface Store {
  readonly path: string;
  /** Prepares once, then answers the same query. Rows come as objects named by column. */
  query<Row extends object>(sql: string): Query<Row>;
  /** The same with rows as arrays: for the few places where millions of rows pass. */
  rows<Row extends readonly unknown[]>(sql: string): Query<Row>;
  /** Runs `work` in one write transaction. Nested calls join the outer one; what a failed nested call wrote is undone. */
  transaction<Result>(work: () => Result): Result;
  /**
   * Reads the whole file and compares its structures: empty when sound, else what is wrong with it. Takes minutes for a large
   * one.
   */
  check(): readonly string[];
  /** Lets go of the file; the last of all processes to do so leaves nothing but the main file. Repeatable. */
  close(): void;
}

export interface StoreOptions {
  readonly busyTimeoutMs?: number;
  readonly migrations?: readonly string[];
  /** Records that should be there are not made anew: an appliance that forgets silently would write over what it forgot. */
  readonly mustExist?: boolean;
}

const defaultBusyTimeoutMs = 20_000;
const pageCacheKiB = 32 * 1024;
/** 16 MiB of log before it is moved to the main file; the log is cut back to four times that after a burst. */
const checkpointPages = 4096;
const journalLimitBytes = 64 * 1024 * 1024;
const statementLimit = 200;

/** Opens the database at `path`, makes it (mode 0600) when it is missing, and brings it to the present schema. */
export function openStore(path: string, options: StoreOptions = {}): Store {
  const busyTimeoutMs = options.busyTimeoutMs ?? defaultBusyTimeoutMs;
  const migrations = options.migrations ?? releasedMigrations;
  let database: DatabaseSync | undefined;
  try {
    if (options.mustExist === true) refuseMissing(path);
    else createPrivately(path);
    database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true, defensive: true });
    refuseUnsuitable(database, migrations.length, path);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;");
    database.exec(`PRAGMA cache_size = -${String(pageCacheKiB)}; PRAGMA temp_store = MEMORY;`);
    database.exec(
      `PRAGMA wal_autocheckpoint = ${String(checkpointPages)}; PRAGMA journal_size_limit = ${String(journalLimitBytes)};`,
    );
    migrate(database, migrations, path);
    refuseTorn(database, path);
    return new SqliteStore(database, path);
  } catch (thrown) {
    database?.close();
    throw openFailure(thrown, path);
  }
}

/**
 * SQLite gives its log and index files the mode of the main file, so it must be right from the first moment. A file that exists
 * is not even opened: closing any descriptor of a file ends the POSIX locks that this process holds on it
 * (sqlite.org/howtocorrupt.html, 2.2).
 */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
  }
}

function openFailure(thrown: unknown, path: string): unknown {
  if (thrown instanceof StrongroomError) return thrown;
  if (thrown instanceof Error && "syscall" in thrown) {
    return new StrongroomError("failed", "STORE_CANNOT_OPEN", `the state database cannot be opened: ${thrown.message}`, {
      severity: "fatal",
      hint: "check that the state folder exists and belongs to the user who runs this command",
      cause: thrown,
    });
  }
  return storeFailure(thrown, path);
}

class SqliteStore implements Store {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #queries = new Map<string, Query<never>>();
  #depth = 0;
  #open = true;

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.path = path;
  }

  query<Row extends object>(sql: string): Query<Row> {
    return this.#prepared(sql, false);
  }

  rows<Row extends readonly unknown[]>(sql: string): Query<Row> {
    return this.#prepared(sql, true);
  }

  transaction<Result>(work: () => Result): Result {
    const level = this.#depth;
    this.#guard(() => {
      this.#database.exec(level === 0 ? "BEGIN IMMEDIATE" : `SAVEPOINT level_${String(level)}`);
    });
    this.#depth += 1;
    try {
      const result = work();
      this.#guard(() => {
        this.#database.exec(level === 0 ? "COMMIT" : `RELEASE level_${String(level)}`);
      });
      return result;
    } catch (thrown) {
      this.#undo(level);
      throw thrown;
    } finally {
      this.#depth = level;
    }
  }

  check(): readonly string[] {
    try {
      const found = this.query<{ quick_check: string }>("PRAGMA quick_check(100)").all();
      return found.map((row) => row.quick_check).filter((line) => line !== "ok");
    } catch (thrown) {
      // Some damage ends the check itself; that is a finding too, not a failure to look.
      if (thrown instanceof StrongroomError && thrown.code === "STORE_DAMAGED") return [thrown.message];
      throw thrown;
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#queries.clear();
    // The last connection of all moves the log into the main file and removes it; before that it stays, whole and valid.
    this.#database.close();
  }

  /** SQLite itself rolls back on some errors (disk full, damage); then there is nothing left to undo. */
  #undo(level: number): void {
    if (!this.#database.isTransaction) return;
    const name = `level_${String(level)}`;
    this.#guard(() => {
      this.#database.exec(level === 0 ? "ROLLBACK" : `ROLLBACK TO ${name}; RELEASE ${name}`);
    });
  }

  #prepared<Row>(sql: string, asArrays: boolean): Query<Row> {
    const key = asArrays ? `rows ${sql}` : sql;
    const known = this.#queries.get(key);
    if (known !== undefined) return known;
    if (this.#queries.size >= statementLimit) {
      throw new StrongroomError("internal", "STORE_STATEMENTS", "too many different statements: values belong into parameters");
    }
    const statement = this.#guard(() => this.#database.prepare(sql));
    statement.setReturnArrays(asArrays);
    const query = this.#guarded<Row>(statement);
    this.#queries.set(key, query as Query<never>);
    return query;
  }

  #guarded<Row>(statement: StatementSync): Query<Row> {
    return {
      run: (...values) => {
        try {
          const done = statement.run(...values);
          return { changes: Number(done.changes), lastId: Number(done.lastInsertRowid) };
        } catch (thrown) {
          throw storeFailure(thrown, this.path);
        }
      },
      get: (...values) => this.#guard(() => statement.get(...values) as Row | undefined),
      all: (...values) => this.#guard(() => statement.all(...values) as Row[]),
    };
  }

  #guard<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (thrown) {
      throw storeFailure(thrown, this.path);
    }
  }
}
