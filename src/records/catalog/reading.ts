import type { Store } from "../store/index.ts";
import type { ArchiveRecord, Catalog, EntryRecord, FoundEntry, PieceRecord, SnapshotRecord } from "./contract.ts";
import type { Directories } from "./directories.ts";
import { unpackFacts } from "./facts.ts";
import type { Parts } from "./parts.ts";
import { components, isRoot, joinPath, nameStart, rootName } from "./paths.ts";
import { type EntryRow, entryColumns, entryRecord, foundEntry } from "./rows.ts";
import type { Visibility } from "./walk.ts";

/** The part of the catalog that answers what is in a snapshot, a segment, an entry. */
export function reading({ store, directories, numberOf, snapshots, segments, walk }: Parts) {
  const selectChildren = store.rows<EntryRow>(
    `SELECT ${entryColumns} FROM entry e WHERE directory = ?1 AND name > x'' AND first <= ?2 AND (gone IS NULL OR gone > ?2)
     AND segment > 0 ORDER BY name LIMIT ?3`,
  );
  const selectPlace = store.rows<EntryRow>(
    `SELECT ${entryColumns} FROM entry e WHERE directory = ? AND name = ? AND segment > 0 ORDER BY first`,
  );

  function* versions(archive: ArchiveRecord, path: Uint8Array): Generator<EntryRow> {
    const parts = components(path);
    const directory = directories.find(archive.id, parts.slice(0, -1));
    if (directory !== undefined) yield* selectPlace.all(directory, parts.at(-1) ?? rootName);
  }

  function* entries(archive: ArchiveRecord, number: number, prefix: Uint8Array = rootName): Generator<EntryRecord> {
    const visible: Visibility = snapshots.idOf(archive, number);
    const path = withoutEndingSlashes(prefix);
    const isEverything = path.length === 0 || isRoot(path);
    for (const row of isEverything ? [] : versions(archive, path)) {
      if (isVisible(row, visible)) yield entryRecord(row, path.subarray(0, Math.max(0, nameStart(path) - 1)), numberOf);
    }
    const below = directories.find(archive.id, isEverything ? [] : components(path));
    if (below === undefined) return;
    for (const { row, directoryPath } of walk(below, isEverything ? rootName : path, visible)) {
      yield entryRecord(row, directoryPath, numberOf);
    }
  }

  return {
    archives: snapshots.archives,
    archive: snapshots.archive,
    snapshots: snapshots.list,
    snapshot: snapshots.get,
    snapshotById: snapshots.byId,
    segments: segments.list,
    segment: segments.get,
    children: (archive, number, directory, limit = unlimited) => {
      const parent = directories.find(archive.id, components(directory));
      const visible = snapshots.idOf(archive, number);
      if (parent === undefined) return [];
      const path = isRoot(directory) ? rootName : directory;
      return selectChildren.all(parent, visible, limit).map((row) => entryRecord(row, path, numberOf));
    },
    entries,
    *entriesOfSegment(segmentId: number): Generator<FoundEntry> {
      for (const row of segments.rows(segmentId)) yield foundEntry(row, directories.place(row[1]), numberOf);
    },
    gonePaths: goneReader(store, directories),
    *history(archive: ArchiveRecord, path: Uint8Array): Generator<FoundEntry> {
      for (const row of versions(archive, path)) yield foundEntry(row, directories.place(row[1]), numberOf);
    },
    pieces: pieceReader(store),
  } satisfies Partial<Catalog>;
}

const pageRows = 1024;

/** As LIMIT has it. */
const unlimited = -1;

/** What a snapshot marked gone and did not bring anew. */
function goneReader(store: Store, directories: Directories) {
  const page = store.rows<[id: number, directory: number, name: Uint8Array]>(
    `SELECT id, directory, name FROM entry e WHERE gone = ?1 AND id > ?2 AND NOT EXISTS (
       SELECT 1 FROM entry n WHERE n.directory = e.directory AND n.name = e.name AND n.first = ?1 AND n.segment > 0
     ) ORDER BY id LIMIT ${String(pageRows)}`,
  );
  return function* gonePaths(snapshot: SnapshotRecord): Generator<Uint8Array> {
    let after = 0;
    for (let found; found === undefined || found.length === pageRows;) {
      found = page.all(snapshot.id, after);
      for (const [id, directory, name] of found) {
        yield joinPath(directories.place(directory).path, name);
        after = id;
      }
    }
  };
}

function pieceReader(store: Store) {
  const select = store.rows<[segment: number, size: number, facts: Uint8Array]>(
    "SELECT segment, size, facts FROM entry WHERE id = ?",
  );
  const selectPieces = store.query<{ offset: number; length: number; segment: number; sha256: Uint8Array }>(
    "SELECT offset, length, segment, sha256 FROM piece WHERE entry = ? ORDER BY offset",
  );
  return (entryId: number): readonly PieceRecord[] => {
    const row = select.get(entryId);
    if (row === undefined) return [];
    const inline = unpackFacts(row[2], row[1]).piece;
    const others = selectPieces.all(entryId).map(({ offset, length, segment, sha256 }): PieceRecord => ({
      offsetBytes: offset,
      lengthBytes: length,
      segmentId: segment,
      sha256,
    }));
    return inline === undefined ? others : [{ ...inline, segmentId: row[0] }, ...others];
  };
}

function isVisible(row: EntryRow, snapshotId: number): boolean {
  return row[3] <= snapshotId && (row[4] === null || row[4] > snapshotId);
}

function withoutEndingSlashes(path: Uint8Array): Uint8Array {
  const end = path.findLastIndex((byte) => byte !== 0x2f) + 1;
  return path.subarray(0, end);
}
