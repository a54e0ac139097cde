import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { StrongroomError } from "../../words/index.ts";
import { storeDamaged } from "./failures.ts";

/** What is looked through page by page at every start after an unclean end: a tenth of a second. More is `appliance check`'s. */
const quickCheckBytesMax = 32 * 1024 * 1024;

/** A database that is gone or empty: what made it once would take it for a new one. */
export function refuseMissing(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size !== undefined && size > 0) return;
  const what = size === undefined ? "is gone" : "is empty";
  throw new StrongroomError("missing", "RECORDS_MISSING", `the state database ${what}: ${path}; the volumes are not affected, and nothing was changed`, {
    severity: "fatal",
    hint: "make the records anew from the volumes: strongroom appliance rebuild --key FILE; or put a backup of the whole state folder in its place",
  });
}

/**
 * After a process that died, or beside one that lives, there is a log. Then the structure is looked at, as far as a moment reaches. A file that lost
 * its end is refused by SQLite itself, by the number of pages in its header.
 */
export function refuseTorn(database: DatabaseSync, path: string): void {
  if (!hasLog(path) || statSync(path).size > quickCheckBytesMax) return;
  const found = Object.values(database.prepare("PRAGMA quick_check(1)").get() ?? {})[0];
  if (found !== "ok") throw storeDamaged(path, String(found));
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
