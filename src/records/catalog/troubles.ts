import { StrongroomError } from "../../words/index.ts";
import type { ArchiveRecord, Catalog, EntryRecord, LeftOut, SnapshotRecord } from "./contract.ts";
import type { Parts } from "./parts.ts";
import { type EntryRow, entryColumns, entryRecord } from "./rows.ts";

interface LeftOutRow extends LeftOut {
  readonly path: Uint8Array;
}

/** Rows fetched with one query: see walk.ts. */
const pageRows = 256;

/** The part of the catalog that knows what is not in a snapshot as it stood in the source. */
export function troubles({ store, directories, numberOf, snapshots }: Parts) {
  const clear = store.query("DELETE FROM left_out WHERE snapshot = ?");
  const insert = store.query("INSERT OR IGNORE INTO left_out (snapshot, path, code, severity, text) VALUES (?, ?, ?, ?, ?)");
  const select = store.query<LeftOutRow>("SELECT path, code, severity, text FROM left_out WHERE snapshot = ? ORDER BY path, code");
  const visibleTroubled = `FROM entry e WHERE e.condition > 0 AND e.first IN (SELECT id FROM snapshot WHERE archive = ?1) AND e.first <= ?2
    AND (e.gone IS NULL OR e.gone > ?2) AND e.segment > 0`;
  const page = store.rows<EntryRow>(`SELECT ${entryColumns} ${visibleTroubled} AND (e.first, e.id) > (?3, ?4) ORDER BY e.first, e.id LIMIT ${String(pageRows)}`);
  const count = store.rows<[number]>(`SELECT count(*) ${visibleTroubled}`);

  function* troubled(archive: ArchiveRecord, number: number): Generator<EntryRecord> {
    const visible = snapshots.idOf(archive, number);
    let after: readonly [first: number, id: number] = [0, 0];
    for (;;) {
      const rows = page.all(archive.id, visible, ...after);
      for (const row of rows) yield entryRecord(row, directories.place(row[1]).path, numberOf);
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageRows) return;
      after = [last[3], last[0]];
    }
  }

  return {
    setLeftOut: (snapshot: SnapshotRecord, entries: Iterable<LeftOut>) => {
      store.transaction(() => {
        if (snapshots.byId(snapshot.id) === undefined) throw new StrongroomError("internal", "SNAPSHOT_NOT_OPEN", "that snapshot was abandoned, nothing was changed");
        clear.run(snapshot.id);
        for (const { path, code, severity, text } of entries) insert.run(snapshot.id, path, code, severity, text);
      });
    },
    leftOut: (snapshot: SnapshotRecord) => select.all(snapshot.id).map(({ path, code, severity, text }): LeftOut => ({ path, code, severity, text })),
    troubled,
    countTroubled: (archive: ArchiveRecord, number: number) => count.get(archive.id, snapshots.idOf(archive, number))?.[0] ?? 0,
  } satisfies Partial<Catalog>;
}
