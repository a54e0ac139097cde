import { StrongroomError } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import type { PlannedSegment, SegmentRecord, SnapshotRecord } from "./contract.ts";
import { type EntryRow, entryColumns } from "./rows.ts";

interface SegmentRow {
  readonly id: number;
  readonly snapshot: number;
  readonly number: number;
  readonly planned_bytes: number;
  readonly plan: string;
  readonly sealed_bytes: number;
  readonly sealed_sha256: string;
  readonly tar_bytes: number;
  readonly first_member_offset: number;
  readonly sealed_at_ms: number | null;
  readonly seal_text: string | null;
}

const pageRows = 1024;

export function segmentTable(store: Store) {
  const insert = store.query("INSERT INTO segment (snapshot, number, planned_bytes, plan) VALUES (?, ?, ?, ?)");
  const count = store.rows<[number]>("SELECT count(*) FROM segment WHERE snapshot = ?");
  const select = store.query<SegmentRow>("SELECT * FROM segment WHERE id = ?");
  const selectAll = store.query<SegmentRow>("SELECT * FROM segment WHERE snapshot = ? ORDER BY number");
  const setSeal = store.query("UPDATE segment SET seal_text = ? WHERE id = ? AND sealed_at_ms IS NOT NULL");

  return {
    plan: (snapshot: SnapshotRecord, segments: readonly PlannedSegment[]): void => {
      if (count.get(snapshot.id)?.[0] !== 0) {
        throw new StrongroomError("internal", "PLAN_EXISTS", "the snapshot has its plan already, nothing was changed");
      }
      for (const { number, plannedBytes, plan } of segments) insert.run(snapshot.id, number, plannedBytes, plan);
    },
    list: (snapshot: SnapshotRecord) => selectAll.all(snapshot.id).map(segmentRecord),
    get: (id: number): SegmentRecord | undefined => {
      const row = select.get(id);
      return row === undefined ? undefined : segmentRecord(row);
    },
    setSeal: (segmentId: number, text: string): void => {
      if (setSeal.run(text, segmentId).changes === 1) return;
      throw new StrongroomError("internal", "SEGMENT_NOT_SEALED", `segment ${String(segmentId)} has no content to be sealed yet`);
    },
    rows: segmentRows(store),
    requireSealed: sealedCheck(store),
    remove: segmentRemover(store),
  };
}

/** Whether nothing of a snapshot is missing: every segment sealed, every split entry with its header. */
function sealedCheck(store: Store) {
  const missing = store.rows<[number]>(
    "SELECT number FROM segment WHERE snapshot = ? AND sealed_at_ms IS NULL ORDER BY number LIMIT 1",
  );
  const headless = store.rows<[number]>(
    `SELECT p.entry FROM segment g JOIN piece p ON p.segment = g.id JOIN entry e ON e.id = p.entry
     WHERE g.snapshot = ? AND e.segment = 0 LIMIT 1`,
  );
  return (snapshot: SnapshotRecord): void => {
    const unsealed = missing.get(snapshot.id)?.[0];
    if (unsealed === undefined && headless.get(snapshot.id) === undefined) return;
    const what = unsealed === undefined ? "the first piece of an entry" : `segment ${String(unsealed)}`;
    throw new StrongroomError("internal", "SNAPSHOT_INCOMPLETE", `${what} is not sealed, so the snapshot cannot be complete`);
  };
}

/**
 * The rows of a segment in stream order. Ids follow the stream, but for split entries: one that began in an earlier segment comes
 * first; one whose later pieces were sealed before this segment has an id from there and comes last.
 */
function segmentRows(store: Store) {
  const range = store.query<{ first_entry: number | null; last_entry: number | null }>(
    "SELECT first_entry, last_entry FROM segment WHERE id = ?",
  );
  const pieces = `FROM piece p CROSS JOIN entry e ON e.id = p.entry WHERE p.segment = ?1`;
  const continued = store.rows<EntryRow>(`SELECT ${entryColumns} ${pieces} AND e.segment <> ?1 AND e.segment > 0 ORDER BY e.id`);
  const late = store.rows<EntryRow>(
    `SELECT ${entryColumns} ${pieces} AND e.segment = ?1 AND e.id NOT BETWEEN ?2 AND ?3 ORDER BY e.id`,
  );
  const page = store.rows<EntryRow>(
    `SELECT ${entryColumns} FROM entry e WHERE e.id > ? AND e.id <= ? AND e.segment = ? ORDER BY e.id LIMIT ${String(pageRows)}`,
  );
  return function* rows(segmentId: number): Generator<EntryRow> {
    const { first_entry: first = null, last_entry: last = null } = range.get(segmentId) ?? {};
    if (first === null || last === null) return;
    yield* continued.all(segmentId);
    let after = first - 1;
    for (let found; found === undefined || found.length === pageRows;) {
      found = page.all(after, last, segmentId);
      yield* found;
      after = found.at(-1)?.[0] ?? last;
    }
    yield* late.all(segmentId, first, last);
  };
}

/** Takes all segments of a snapshot away, with their rows and names. */
function segmentRemover(store: Store) {
  const select = store.query<{ id: number; name_run: number | null; first_entry: number | null; last_entry: number | null }>(
    "SELECT id, name_run, first_entry, last_entry FROM segment WHERE snapshot = ?",
  );
  const removeNames = store.query("DELETE FROM entry_name WHERE run = ? AND entry BETWEEN ? AND ?");
  const shrinkRun = store.query("UPDATE name_run SET entries = entries - ? WHERE id = ?");
  const removeEntries = store.query("DELETE FROM entry WHERE id BETWEEN ? AND ?");
  const removePieces = store.query("DELETE FROM piece WHERE segment = ?");
  const remove = store.query("DELETE FROM segment WHERE id = ?");
  return (snapshot: SnapshotRecord): void => {
    for (const { id, name_run: run, first_entry: first, last_entry: last } of select.all(snapshot.id)) {
      if (run !== null) shrinkRun.run(removeNames.run(run, first, last).changes, run);
      removeEntries.run(first, last);
      removePieces.run(id);
      remove.run(id);
    }
  };
}

function segmentRecord(row: SegmentRow): SegmentRecord {
  const sealedAtMs = row.sealed_at_ms;
  return {
    id: row.id,
    snapshotId: row.snapshot,
    number: row.number,
    plannedBytes: row.planned_bytes,
    plan: row.plan,
    state: sealedAtMs === null ? "planned" : "sealed",
    facts:
      sealedAtMs === null
        ? undefined
        : {
            sealedBytes: row.sealed_bytes,
            sealedSha256: row.sealed_sha256,
            tarBytes: row.tar_bytes,
            firstMemberOffset: row.first_member_offset,
            sealedAtMs,
          },
    sealText: row.seal_text ?? undefined,
  };
}
