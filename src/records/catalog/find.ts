import type { Store } from "../store/index.ts";
import { endOfPrefix } from "./paths.ts";
import { type EntryRow, entryColumns } from "./rows.ts";

const pageRows = 256;
/** Every name but that of the root, which is empty. */
const shortestName = Uint8Array.of(0);
const special = new Set(Buffer.from("*?["));

/** Finds rows by their last path component, newest first in each archive. */
export function nameFinder(store: Store) {
  const runs = store.rows<[number]>("SELECT id FROM name_run WHERE archive = ? ORDER BY id DESC");
  const everyRun = store.rows<[number]>("SELECT id FROM name_run ORDER BY id DESC");
  const exact = pageQuery(store, "name = ?");
  const glob = pageQuery(store, "name >= ? AND name GLOB ?");
  const boundedGlob = pageQuery(store, "name >= ? AND name < ? AND name GLOB ?");

  return function* find(pattern: Uint8Array, archiveId: number | undefined): Generator<EntryRow> {
    const { query, values } = search(pattern);
    const searched = archiveId === undefined ? everyRun.all() : runs.all(archiveId);
    for (const [run] of searched) {
      let before = Number.MAX_SAFE_INTEGER;
      for (let page; page === undefined || page.length === pageRows;) {
        page = query.all(run, ...values, before);
        // Rows whose header is not sealed yet count for the page, but are not to be seen.
        for (const row of page) if (row[5] > 0) yield row;
        before = page.at(-1)?.[0] ?? 0;
      }
    }
  };

  function search(pattern: Uint8Array) {
    const literalBytes = pattern.findIndex((byte) => special.has(byte));
    if (literalBytes < 0) return { query: exact, values: [pattern] };
    const literal = pattern.subarray(0, literalBytes);
    const end = endOfPrefix(literal);
    const from = literal.length === 0 ? shortestName : literal;
    return end === undefined
      ? { query: glob, values: [from, sqliteGlob(pattern)] }
      : { query: boundedGlob, values: [from, end, sqliteGlob(pattern)] };
  }
}

/** The matching entries are picked from the index alone; only those of one page are then looked up. */
function pageQuery(store: Store, condition: string) {
  return store.rows<EntryRow>(
    `SELECT ${entryColumns} FROM (
       SELECT entry FROM entry_name WHERE run = ? AND ${condition} AND entry < ? ORDER BY entry DESC LIMIT ${String(pageRows)}
     ) n CROSS JOIN entry e ON e.id = n.entry ORDER BY n.entry DESC`,
  );
}

/** SQLite negates a class with `[^`, the shell with `[!` as well. */
function sqliteGlob(pattern: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(pattern).toString("latin1").replaceAll("[!", "[^"), "latin1");
}
