import { StrongroomError, printable } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import type { NewEntry, NewPiece, SealedFacts } from "./contract.ts";
import type { Directories } from "./directories.ts";
import { checkedDigest, factsPacker } from "./facts.ts";
import { checkedName, isRoot, nameStart, rootName } from "./paths.ts";
import { conditions } from "./rows.ts";

/**
 * How many names a run takes before the next one begins: large enough that a search over millions of entries visits hundreds of
 * runs, small enough that adding a segment of ten rows touches a page or two.
 */
const runLimit = 8192;

interface Target {
  readonly segmentId: number;
  readonly snapshotId: number;
  readonly archiveId: number;
}

/** Writes sealed segments and their rows. Everything here happens inside the caller's transaction. */
export function ingest(store: Store, directories: Directories) {
  const selectSegment = store.query<{ snapshot: number; archive: number; sealed: number; finished: number | null }>(
    `SELECT g.snapshot, s.archive, g.sealed_at_ms IS NOT NULL AS sealed, s.finished_ms AS finished
     FROM segment g JOIN snapshot s ON s.id = g.snapshot WHERE g.id = ?`,
  );
  const lastEntry = store.rows<[number | null]>("SELECT max(id) FROM entry");
  const finishSegment = store.query(
    `UPDATE segment SET sealed_bytes = ?, sealed_sha256 = ?, tar_bytes = ?, first_member_offset = ?, sealed_at_ms = ?,
       name_run = ?, first_entry = ?, last_entry = ? WHERE id = ?`,
  );
  const addRows = rowWriter(store, directories);
  const indexNames = nameIndexer(store);

  return (segmentId: number, facts: SealedFacts, entries: readonly NewEntry[]): void => {
    const found = selectSegment.get(segmentId);
    if (found === undefined) throw new StrongroomError("internal", "SEGMENT_UNKNOWN", `there is no segment ${String(segmentId)}`);
    if (found.finished !== null || found.sealed !== 0) {
      throw new StrongroomError(
        "internal",
        "SEGMENT_SEALED",
        `segment ${String(segmentId)} is sealed already, nothing was changed`,
      );
    }
    const target = { segmentId, snapshotId: found.snapshot, archiveId: found.archive };
    const before = lastEntry.get()?.[0] ?? 0;
    addRows(target, entries);
    const last = lastEntry.get()?.[0] ?? 0;
    const run = indexNames(target.archiveId, before + 1, last);
    const { sealedBytes, sealedSha256, tarBytes, firstMemberOffset, sealedAtMs } = facts;
    finishSegment.run(sealedBytes, sealedSha256, tarBytes, firstMemberOffset, sealedAtMs, run, before + 1, last, segmentId);
  };
}

function rowWriter(store: Store, directories: Directories) {
  const pack = factsPacker();
  const insert = store.query(
    `INSERT INTO entry (directory, name, first, segment, condition, size, facts, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (directory, name, first) DO NOTHING`,
  );
  const addLater = laterPieces(store);

  return (target: Target, entries: readonly NewEntry[]): void => {
    for (const entry of entries) {
      const { path } = entry;
      const start = nameStart(path);
      const name = isRoot(path) ? rootName : checkedName(path.subarray(start), path);
      const directory =
        start === 0 ? directories.root(target.archiveId) : directories.intern(target.archiveId, path.subarray(0, start - 1));
      const isLater = entry.piece !== undefined && entry.piece.offsetBytes > 0;
      const segment = isLater ? 0 : target.segmentId;
      const condition = conditions.indexOf(entry.condition);
      const facts = pack(entry, isLater ? undefined : entry.piece);
      const link = entry.linkTarget ?? null;
      const added = insert.run(directory, name, target.snapshotId, segment, condition, entry.sizeBytes, facts, link);
      if (added.changes === 1 && !isLater) continue;
      addLater(target, entry, directory, name, () => pack(entry, undefined));
    }
  };
}

/** The rare rows: pieces of entries that are split over segments, which may be sealed in any order. */
function laterPieces(store: Store) {
  const select = store.query<{ id: number; segment: number }>(
    "SELECT id, segment FROM entry WHERE directory = ? AND name = ? AND first = ?",
  );
  const insertPiece = store.query("INSERT INTO piece (entry, offset, length, segment, sha256) VALUES (?, ?, ?, ?, ?)");
  const worsen = store.query("UPDATE entry SET condition = max(condition, ?) WHERE id = ?");
  const addHeader = store.query("UPDATE entry SET segment = ?, size = ?, facts = ?, link = ? WHERE id = ?");

  const addPiece = (entryId: number, segmentId: number, piece: NewPiece): void => {
    insertPiece.run(entryId, piece.offsetBytes, piece.lengthBytes, segmentId, checkedDigest(piece.sha256));
  };

  return (target: Target, entry: NewEntry, directory: number, name: Uint8Array, facts: () => Uint8Array): void => {
    const row = select.get(directory, name, target.snapshotId);
    if (row === undefined) throw new StrongroomError("internal", "ENTRY_UNKNOWN", `no row for ${printable(entry.path)}`);
    const { piece } = entry;
    const isHeader = piece === undefined || piece.offsetBytes === 0;
    if (isHeader && row.segment !== 0) {
      const where = `segment ${String(target.segmentId)}, nothing of which was recorded`;
      throw new StrongroomError(
        "internal",
        "ENTRY_TWICE",
        `${printable(entry.path)} is in its snapshot twice, the second time in ${where}`,
      );
    }
    if (isHeader) addHeader.run(target.segmentId, entry.sizeBytes, facts(), entry.linkTarget ?? null, row.id);
    if (piece !== undefined) addPiece(row.id, target.segmentId, piece);
    worsen.run(conditions.indexOf(entry.condition), row.id);
  };
}

/** Sorted insertion in one statement: appending to a run costs a third of inserting row by row. */
function nameIndexer(store: Store) {
  const lastRun = store.query<{ id: number; entries: number }>(
    "SELECT id, entries FROM name_run WHERE archive = ? ORDER BY id DESC LIMIT 1",
  );
  const newRun = store.query("INSERT INTO name_run (archive, entries) VALUES (?, 0)");
  const grow = store.query("UPDATE name_run SET entries = entries + ? WHERE id = ?");
  const insertNames = store.query(
    "INSERT INTO entry_name (run, name, entry) SELECT ?, name, id FROM entry WHERE id BETWEEN ? AND ? ORDER BY name, id",
  );
  return (archiveId: number, first: number, last: number): number | null => {
    if (last < first) return null;
    const open = lastRun.get(archiveId);
    const run = open !== undefined && open.entries < runLimit ? open.id : newRun.run(archiveId).lastId;
    grow.run(insertNames.run(run, first, last).changes, run);
    return run;
  };
}
