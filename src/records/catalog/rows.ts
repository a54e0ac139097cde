import type { Store } from "../store/index.ts";
import type { EntryCondition, EntryRecord, FoundEntry } from "./contract.ts";
import type { DirectoryPlace } from "./directories.ts";
import { type PackedFacts, unpackFacts } from "./facts.ts";
import { joinPath } from "./paths.ts";

/** The columns of an entry in the order of EntryRow; `e` is the table's name in the statement. */
export const entryColumns = "e.id, e.directory, e.name, e.first, e.gone, e.segment, e.condition, e.size, e.facts, e.link";

export type EntryRow = readonly [
  id: number,
  directory: number,
  name: Uint8Array,
  first: number,
  gone: number | null,
  segment: number,
  condition: number,
  size: number,
  facts: Uint8Array,
  link: Uint8Array | null,
];

/** Mildest first: of a split entry, the gravest of its pieces counts. The position is what is stored. */
export const conditions: readonly EntryCondition[] = ["intact", "changed", "shrunk", "unreadable", "vanished"];

/** Snapshot ids as the numbers that people use. Ids are never given twice, so what was looked up once stays true. */
export function snapshotNumbers(store: Store): (snapshotId: number) => number {
  const select = store.rows<[number]>("SELECT number FROM snapshot WHERE id = ?");
  const known = new Map<number, number>();
  return (id) => {
    const number = known.get(id) ?? select.get(id)?.[0] ?? 0;
    if (known.size >= 10_000) known.clear();
    known.set(id, number);
    return number;
  };
}

export function entryRecord(row: EntryRow, directoryPath: Uint8Array, numberOf: (snapshotId: number) => number): EntryRecord {
  const [id, , name, first, , segmentId, condition, sizeBytes, packed, link] = row;
  const facts: PackedFacts = unpackFacts(packed, sizeBytes);
  return {
    id,
    path: joinPath(directoryPath, name),
    type: facts.type,
    mode: facts.mode,
    uid: facts.uid,
    gid: facts.gid,
    sizeBytes,
    mtimeNs: facts.mtimeNs,
    ctimeNs: facts.ctimeNs,
    inode: facts.inode,
    ...(link === null ? {} : { linkTarget: link }),
    condition: conditions[condition] ?? "unreadable",
    firstSnapshot: numberOf(first),
    segmentId,
  };
}

export function foundEntry(row: EntryRow, place: DirectoryPlace, numberOf: (snapshotId: number) => number): FoundEntry {
  const gone = row[4];
  return {
    ...entryRecord(row, place.path, numberOf),
    archiveId: place.archiveId,
    goneSince: gone === null ? undefined : numberOf(gone),
  };
}
