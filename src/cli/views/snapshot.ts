import type { SnapshotDetails } from "../../operations/index.ts";
import type { EntryFacts, EntryRecord, SnapshotRecord } from "../../records/index.ts";
import { type Column, count, type Fact, name, time, type Units } from "./column.ts";
import { type JsonObject, nanosecondsDocument, pathDocument, timeDocument } from "./document.ts";

export function snapshotDocument(snapshot: SnapshotRecord): JsonObject {
  const { totals } = snapshot;
  return {
    number: snapshot.number,
    state: snapshot.state,
    base: snapshot.base ?? null,
    started: timeDocument(snapshot.startedMs),
    finished: timeDocument(snapshot.finishedMs),
    totals: totals
      ? {
          entries: totals.entries,
          content_bytes: totals.contentBytes,
          new_entries: totals.newEntries,
          new_content_bytes: totals.newContentBytes,
          sealed_bytes: totals.sealedBytes,
          troubled_entries: totals.troubledEntries,
        }
      : null,
  };
}

export const snapshotColumns: readonly Column<SnapshotRecord>[] = [
  { title: "snapshot", right: true, cell: ({ number }) => count(number) },
  { title: "state", cell: ({ state }) => state },
  { title: "kind", cell: kindOf },
  { title: "begun", cell: ({ startedMs }) => time(startedMs) },
  { title: "entries", right: true, cell: ({ totals }) => (totals ? count(totals.entries) : "-") },
  { title: "content", right: true, cell: ({ totals }, units) => (totals ? units.bytes(totals.contentBytes) : "-") },
  { title: "sealed", right: true, cell: ({ totals }, units) => (totals ? units.bytes(totals.sealedBytes) : "-") },
  { title: "troubled", right: true, cell: ({ totals }) => (totals ? count(totals.troubledEntries) : "-") },
];

function kindOf({ base }: SnapshotRecord): string {
  return base === undefined ? "full" : `since ${count(base)}`;
}

export function snapshotDetailsDocument({ archive, snapshot, segments, copies, volumes }: SnapshotDetails): JsonObject {
  return {
    archive: archive.name,
    ...snapshotDocument(snapshot),
    segments,
    copies: copies.map(({ pool, written, verified, doubted, bad, missing }) => ({ pool, written, verified, doubted, bad, missing })),
    volumes: volumes.map(({ barcode, pool, place }) => ({ barcode, pool, place })),
  };
}

export function snapshotFacts({ archive, snapshot, segments }: SnapshotDetails, units: Units): readonly Fact[] {
  const { totals } = snapshot;
  return [
    ["archive", name(archive.name)],
    ["snapshot", `${count(snapshot.number)}, ${snapshot.state}, ${kindOf(snapshot)}`],
    ["begun", time(snapshot.startedMs)],
    ["finished", time(snapshot.finishedMs)],
    ["segments", count(segments)],
    ["entries", totals ? `${count(totals.entries)}, ${count(totals.newEntries)} of them new or changed` : undefined],
    ["content", totals ? `${units.bytes(totals.contentBytes)}, ${units.bytes(totals.newContentBytes)} of it new` : undefined],
    ["sealed", totals ? units.bytes(totals.sealedBytes) : undefined],
    ["troubled", totals ? count(totals.troubledEntries) : undefined],
  ];
}

export const poolCopiesColumns: readonly Column<SnapshotDetails["copies"][number]>[] = [
  { title: "pool", cell: ({ pool }) => name(pool) },
  { title: "verified", right: true, cell: ({ verified }) => count(verified) },
  { title: "unverified", right: true, cell: ({ written }) => count(written) },
  { title: "in doubt", right: true, cell: ({ doubted }) => count(doubted) },
  { title: "bad", right: true, cell: ({ bad }) => count(bad) },
  { title: "missing", right: true, cell: ({ missing }) => count(missing) },
];

export const volumePlaceColumns: readonly Column<SnapshotDetails["volumes"][number]>[] = [
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
  { title: "pool", cell: ({ pool }) => name(pool) },
  { title: "place", cell: ({ place }) => name(place) },
];

export function entryDocument(entry: EntryFacts): JsonObject {
  const target = entry.linkTarget === undefined ? undefined : pathDocument(entry.linkTarget);
  return {
    ...pathDocument(entry.path),
    type: entry.type,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size_bytes: entry.sizeBytes,
    mtime: nanosecondsDocument(entry.mtimeNs),
    link_target: target?.path,
    link_target_b64: target?.path_b64,
    condition: entry.condition,
  };
}

/** `-rw-r--r--`, as ls prints it: mode bits as people know them. */
export function modeText({ type, mode }: Pick<EntryRecord, "type" | "mode">): string {
  const letters = (bits: number, special: boolean, lower: string): string => {
    const execute = (bits & 1) !== 0;
    return (bits & 4 ? "r" : "-") + (bits & 2 ? "w" : "-") + (special ? (execute ? lower : lower.toUpperCase()) : execute ? "x" : "-");
  };
  return (
    typeLetters[type] +
    letters(mode >> 6, (mode & 0o4000) !== 0, "s") +
    letters(mode >> 3, (mode & 0o2000) !== 0, "s") +
    letters(mode, (mode & 0o1000) !== 0, "t")
  );
}

const typeLetters: Readonly<Record<EntryRecord["type"], string>> = {
  "file": "-",
  "hardlink": "h",
  "directory": "d",
  "symlink": "l",
  "fifo": "p",
  "character-device": "c",
  "block-device": "b",
};

export const entryColumns: readonly Column<EntryRecord>[] = [
  { title: "mode", cell: modeText },
  { title: "owner", cell: ({ uid, gid }) => `${count(uid)}:${count(gid)}` },
  { title: "size", right: true, cell: ({ sizeBytes }, units) => units.bytes(sizeBytes) },
  { title: "modified", cell: ({ mtimeNs }) => nanosecondsDocument(mtimeNs).replace(/\.\d+/, "") },
  { title: "condition", cell: ({ condition }) => condition },
  { title: "path", cell: ({ path, linkTarget }) => (linkTarget ? `${name(path)} -> ${name(linkTarget)}` : name(path)) },
];
