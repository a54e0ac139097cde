import { StrongroomError } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import type { ArchiveRecord, SnapshotRecord, SnapshotTotals } from "./contract.ts";

interface SnapshotRow {
  readonly id: number;
  readonly archive: number;
  readonly number: number;
  readonly base: number | null;
  readonly started_ms: number;
  readonly finished_ms: number | null;
  readonly entries: number;
  readonly content_bytes: number;
  readonly new_entries: number;
  readonly new_content_bytes: number;
  readonly sealed_bytes: number;
  readonly troubled_entries: number;
}

function archiveTable(store: Store) {
  const insertArchive = store.query("INSERT INTO archive (name, uuid) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const selectArchives = store.query<ArchiveRecord>("SELECT id, name, uuid FROM archive ORDER BY name");
  const selectArchive = store.query<ArchiveRecord>("SELECT id, name, uuid FROM archive WHERE name = ?");

  const createArchive = (name: string, uuid: string): ArchiveRecord => {
    const added = insertArchive.run(name, uuid);
    if (added.changes === 1) return { id: added.lastId, name, uuid };
    throw new StrongroomError("usage", "ARCHIVE_EXISTS", `there is an archive "${name}" or one with its identifier already`, {
      hint: "choose another name",
    });
  };

  return {
    createArchive,
    archives: () => selectArchives.all().map((row) => ({ ...row })),
    archive: (name: string): ArchiveRecord | undefined => {
      const row = selectArchive.get(name);
      return row === undefined ? undefined : { ...row };
    },
  };
}

/** Archives and their snapshots, without what is in them. */
export function snapshotTable(store: Store) {
  const insert = store.query(
    "INSERT INTO snapshot (archive, number, base, started_ms) SELECT id, last_snapshot, ?2, ?3 FROM archive WHERE id = ?1",
  );
  const nextNumber = store.query("UPDATE archive SET last_snapshot = last_snapshot + 1 WHERE id = ?");
  const takeNumber = store.query("UPDATE archive SET last_snapshot = max(last_snapshot, ?2) WHERE id = ?1");
  const lastNumber = store.rows<[number]>("SELECT last_snapshot FROM archive WHERE id = ?");
  const selectArchiveById = store.query<ArchiveRecord>("SELECT id, name, uuid FROM archive WHERE id = ?");
  const select = store.query<SnapshotRow>("SELECT * FROM snapshot WHERE archive = ? AND number = ?");
  const selectById = store.query<SnapshotRow>("SELECT * FROM snapshot WHERE id = ?");
  const selectAll = store.query<SnapshotRow>("SELECT * FROM snapshot WHERE archive = ? ORDER BY number");
  const selectOpen = store.query<SnapshotRow>("SELECT * FROM snapshot WHERE archive = ? AND finished_ms IS NULL");
  const finish = store.query(
    `UPDATE snapshot SET finished_ms = ?, entries = ?, content_bytes = ?, new_entries = ?, new_content_bytes = ?,
       sealed_bytes = ?, troubled_entries = ? WHERE id = ?`,
  );
  const remove = store.query("DELETE FROM snapshot WHERE id = ?");

  const open = (archive: ArchiveRecord, startedMs: number, base: number | undefined, number?: number): SnapshotRecord =>
    store.transaction(() => {
      const running = selectOpen.get(archive.id);
      if (running !== undefined) throw snapshotOpen(archive, running.number);
      const baseRow = base === undefined ? undefined : select.get(archive.id, base);
      if (base !== undefined && (baseRow?.finished_ms ?? null) === null) throw snapshotUnknown(archive, base);
      if (number !== undefined && number <= (lastNumber.get(archive.id)?.[0] ?? 0)) throw numberTaken(archive, number);
      if (number === undefined) nextNumber.run(archive.id);
      else takeNumber.run(archive.id, number);
      return snapshotRecord(selectById.get(insert.run(archive.id, base ?? null, startedMs).lastId)!);
    });

  return {
    ...archiveTable(store),
    open,
    takeNumber: (archive: ArchiveRecord, number: number): void => {
      takeNumber.run(archive.id, number);
    },
    list: (archive: ArchiveRecord) => selectAll.all(archive.id).map(snapshotRecord),
    get: (archive: ArchiveRecord, number: number): SnapshotRecord | undefined => {
      const row = select.get(archive.id, number);
      return row === undefined ? undefined : snapshotRecord(row);
    },
    byId: (id: number): { readonly archive: ArchiveRecord; readonly snapshot: SnapshotRecord } | undefined => {
      const row = selectById.get(id);
      return row === undefined ? undefined : { archive: { ...selectArchiveById.get(row.archive)! }, snapshot: snapshotRecord(row) };
    },
    /** The id by which rows know a snapshot of that number. */
    idOf: (archive: ArchiveRecord, number: number): number => {
      const row = select.get(archive.id, number);
      if (row === undefined) throw snapshotUnknown(archive, number);
      return row.id;
    },
    /** Looked at again inside a transaction: what the caller holds may be old. */
    requireOpen: (snapshot: SnapshotRecord): void => {
      const row = selectById.get(snapshot.id);
      if (row?.finished_ms === null) return;
      const state = row === undefined ? "was abandoned" : "is complete";
      throw new StrongroomError(
        "internal",
        "SNAPSHOT_NOT_OPEN",
        `snapshot ${String(snapshot.number)} ${state}, nothing was changed`,
      );
    },
    finish: (snapshot: SnapshotRecord, finishedMs: number, totals: SnapshotTotals): void => {
      const { entries, contentBytes, newEntries, newContentBytes, sealedBytes, troubledEntries } = totals;
      finish.run(finishedMs, entries, contentBytes, newEntries, newContentBytes, sealedBytes, troubledEntries, snapshot.id);
    },
    remove: (snapshot: SnapshotRecord): void => {
      remove.run(snapshot.id);
    },
  };
}

function snapshotOpen(archive: ArchiveRecord, number: number): StrongroomError {
  const message = `snapshot ${String(number)} of archive "${archive.name}" is not finished`;
  return new StrongroomError("busy", "SNAPSHOT_OPEN", message, { hint: "run the archive again to go on with it, or abandon it" });
}

function numberTaken(archive: ArchiveRecord, number: number): StrongroomError {
  const message = `archive "${archive.name}" has given the number ${String(number)} already, nothing was changed`;
  return new StrongroomError("internal", "SNAPSHOT_NUMBER_TAKEN", message);
}

function snapshotUnknown(archive: ArchiveRecord, number: number): StrongroomError {
  return new StrongroomError(
    "missing",
    "SNAPSHOT_UNKNOWN",
    `archive "${archive.name}" has no complete snapshot ${String(number)}`,
    {
      hint: `list them: strongroom snapshot list ${archive.name}`,
    },
  );
}

function snapshotRecord(row: SnapshotRow): SnapshotRecord {
  const isComplete = row.finished_ms !== null;
  return {
    id: row.id,
    archiveId: row.archive,
    number: row.number,
    state: isComplete ? "complete" : "open",
    startedMs: row.started_ms,
    finishedMs: row.finished_ms ?? undefined,
    base: row.base ?? undefined,
    totals: isComplete ? totalsOf(row) : undefined,
  };
}

function totalsOf(row: SnapshotRow): SnapshotTotals {
  return {
    entries: row.entries,
    contentBytes: row.content_bytes,
    newEntries: row.new_entries,
    newContentBytes: row.new_content_bytes,
    sealedBytes: row.sealed_bytes,
    troubledEntries: row.troubled_entries,
  };
}
