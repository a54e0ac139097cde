import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StrongroomError } from "../../words/index.ts";

/** Where the database is kept as it was before it was brought from this schema to a newer one. */
export function copyBeforeMigration(path: string, schema: number): string {
  return `${path}.schema-${String(schema)}`;
}

/**
 * Copies the database as it was last committed to `copyBeforeMigration`, whole and on the disk before it returns; an older copy of the same schema gives way.
 * The caller holds the write lock, so nobody else copies or writes meanwhile. STORE_NOT_COPIED where there is no room: then nothing is to be migrated.
 */
export function keepCopy(path: string, schema: number): void {
  const target = copyBeforeMigration(path, schema);
  const unfinished = `${target}.tmp`;
  let reader: DatabaseSync | undefined;
  try {
    rmSync(unfinished, { force: true });
    // SQLite writes into an empty file that is there, and so with its mode.
    closeSync(openSync(unfinished, "wx", 0o600));
    reader = new DatabaseSync(path, { readOnly: true });
    reader.prepare("VACUUM INTO ?").run(unfinished);
    chmodSync(unfinished, 0o600);
    syncToDisk(unfinished);
    renameSync(unfinished, target);
    syncToDisk(dirname(target));
  } catch (thrown) {
    rmSync(unfinished, { force: true });
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new StrongroomError("failed", "STORE_NOT_COPIED", `the state database was not brought to its new form, because no copy of it could be kept: ${reason}`, {
      severity: "fatal",
      hint: "make room on the disk of the state folder for a second database, then run the same command again; or go on with the older version",
      cause: thrown,
    });
  } finally {
    reader?.close();
  }
}

/** SQLite does not sync what VACUUM INTO wrote (sqlite.org/lang_vacuum.html). */
function syncToDisk(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
