import type { ArchiveRecord, Catalog, EntryFacts, NewEntry, SealedFacts, SnapshotRecord } from "../../src/records/index.ts";

export const sealedFacts: SealedFacts = {
  sealedBytes: 1234,
  sealedSha256: "ab".repeat(32),
  tarBytes: 10_240,
  firstMemberOffset: 512,
  sealedAtMs: 1_700_000_000_000,
};

export const noTotals = { entries: 0, contentBytes: 0, newEntries: 0, newContentBytes: 0, sealedBytes: 0, troubledEntries: 0 };

export function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

export function text(path: Uint8Array): string {
  return Buffer.from(path).toString("latin1");
}

/** A file of that path with one piece, or what `change` makes of it. */
export function newEntry(path: string, change: Partial<NewEntry> = {}): NewEntry {
  return { ...facts(path), piece: { offsetBytes: 0, lengthBytes: 5, sha256: new Uint8Array(32).fill(7) }, ...change };
}

function facts(path: string): EntryFacts {
  return {
    path: bytes(path),
    type: "file",
    mode: 0o644,
    uid: 1000,
    gid: 100,
    sizeBytes: 5,
    mtimeNs: 1_700_000_000_123_456_789n,
    ctimeNs: 1_700_000_001_000_000_000n,
    inode: 42n,
    condition: "intact",
  };
}

/** One snapshot with one segment for each list of entries. */
export function takeSnapshot(
  catalog: Catalog,
  archive: ArchiveRecord,
  segments: readonly (readonly NewEntry[])[],
): SnapshotRecord {
  const last = catalog.snapshots(archive).findLast((known) => known.state === "complete");
  const snapshot = catalog.openSnapshot(archive, 1000, last?.number);
  plan(catalog, snapshot, segments.length);
  for (const [index, segment] of catalog.segments(snapshot).entries()) {
    catalog.addSealedSegment(segment.id, sealedFacts, segments[index]!);
  }
  catalog.completeSnapshot(snapshot, 2000, noTotals);
  return catalog.snapshot(archive, snapshot.number)!;
}

/** The plan of an open snapshot: that many segments. */
export function plan(catalog: Catalog, snapshot: SnapshotRecord, count: number): void {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  catalog.planSegments(
    snapshot,
    numbers.map((number) => ({ number, plannedBytes: 100, plan: `lines ${String(number)}` })),
  );
}

/** The code of what an action throws. */
export function code(action: () => unknown): unknown {
  try {
    action();
    return "nothing was thrown";
  } catch (thrown) {
    return (thrown as { code?: unknown }).code;
  }
}

/** A catalog with one archive, and the paths of a snapshot of it. */
export interface Context {
  readonly catalog: Catalog;
  readonly archive: ArchiveRecord;
  readonly paths: (number: number, prefix?: string) => string[];
}
