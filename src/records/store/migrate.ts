import type { DatabaseSync } from "node:sqlite";
import { StrongroomError } from "../../words/index.ts";
import { copyBeforeMigration, keepCopy } from "./keep-copy.ts";

/** `StrR` in ASCII: what `file` and we know the database by (PRAGMA application_id). */
const applicationId = 0x53747252;

/** Brings the database from whatever version it has to the newest, wholly or not at all. As it was before, it is kept beside itself: an older program can use that. */
export function migrate(database: DatabaseSync, migrations: readonly string[], path: string): void {
  if (version(database) === migrations.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    // Looked at again: another process may have done it while this one waited for the lock.
    const from = version(database);
    refuseNewer(from, migrations.length, path);
    if (from > 0 && from < migrations.length) keepCopy(path, from);
    for (const migration of migrations.slice(from)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${String(migrations.length)}; PRAGMA application_id = ${String(applicationId)};`);
    database.exec("COMMIT");
  } catch (thrown) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw thrown;
  }
}

/** Looks before anything is touched: setting the journal mode would already change a file that is not ours. */
export function refuseUnsuitable(database: DatabaseSync, knownVersions: number, path: string): void {
  refuseForeign(database, path);
  refuseNewer(version(database), knownVersions, path);
}

function refuseNewer(found: number, known: number, path: string): void {
  if (found <= known) return;
  const versions = `it has schema ${String(found)}, this version knows up to ${String(known)}`;
  throw new StrongroomError(
    "failed",
    "STORE_TOO_NEW",
    `the state database was made by a newer version: ${versions}, nothing was changed`,
    {
      severity: "fatal",
      hint:
        `use the newer version again; or put the records back as they were before it was installed, which then know nothing of what was done since: `
        + `${copyBeforeMigration(path, known)}, where it is there, or a backup`,
    },
  );
}

function refuseForeign(database: DatabaseSync, path: string): void {
  const id = number(database, "PRAGMA application_id");
  const objects = number(database, "SELECT count(*) FROM sqlite_schema");
  if (id === applicationId || (id === 0 && objects === 0)) return;
  throw new StrongroomError("failed", "STORE_FOREIGN", `${path} is a database of another program, nothing was changed`, {
    severity: "fatal",
    hint: "name another state folder, or move that file away",
  });
}

function version(database: DatabaseSync): number {
  return number(database, "PRAGMA user_version");
}

function number(database: DatabaseSync, sql: string): number {
  const row = database.prepare(sql).get();
  const value = row === undefined ? undefined : Object.values(row)[0];
  return typeof value === "number" ? value : 0;
}
