import type { EntryType } from "../../formats/tar/index.ts";
import type { Severity } from "../../words/index.ts";

/**
 * Every entry of every snapshot: what it was, where its content is. Built for tens of millions of rows.
 *
 * An entry that did not change from one snapshot to the next is one row, visible in both: a row is visible in snapshot s of its
 * archive when `firstSnapshot <= s` and it was not gone by s. Snapshots are numbered from 1 in each archive.
 *
 * Guarantees of every implementation:
 * - Writes of one call happen wholly or not at all, and survive a power cut once the call returned.
 * - Iterators are lazy and bounded in memory; closing one early is fine.
 * - Paths are bytes; order is bytewise by path component.
 */
export interface Catalog {
  createArchive(name: string, uuid: string): ArchiveRecord;
  archives(): readonly ArchiveRecord[];
  archive(name: string): ArchiveRecord | undefined;

  /**
   * Starts the next snapshot of an archive, in state `open`; numbers are never given again, abandoned ones neither. At most one open snapshot for each archive: rejects with
   * SNAPSHOT_OPEN. With a `number`, one that is known from seals gets it back: rejects with SNAPSHOT_NUMBER_TAKEN unless it is beyond the last.
   */
  openSnapshot(archive: ArchiveRecord, startedMs: number, base: number | undefined, number?: number): SnapshotRecord;
  /** From now on no snapshot gets that number or one below: seals with it are on volumes. */
  takeSnapshotNumber(archive: ArchiveRecord, number: number): void;
  snapshots(archive: ArchiveRecord): readonly SnapshotRecord[];
  snapshot(archive: ArchiveRecord, number: number): SnapshotRecord | undefined;
  /** A snapshot by its id, as segments refer to it. */
  snapshotById(id: number): { readonly archive: ArchiveRecord; readonly snapshot: SnapshotRecord } | undefined;
  /**
   * Rows of entries that vanished or were replaced since the base become invisible from this snapshot on. Takes the place of
   * what an earlier call marked for this snapshot: a walk that was begun anew may have seen otherwise.
   * A full snapshot begins anew: whatever was visible before it is gone with it, named or not.
   * Rejects with ENTRY_NOT_VISIBLE, changing nothing, when one is not visible in the snapshot before.
   */
  markGone(snapshot: SnapshotRecord, entryIds: Iterable<number>): void;
  /**
   * The paths of entries that were there in the base and are no longer in this snapshot, for the catalog on its volumes.
   * While the snapshot is open, changed entries whose new row is not sealed yet are among them.
   */
  gonePaths(snapshot: SnapshotRecord): IterableIterator<Uint8Array>;
  /** Rejects with SNAPSHOT_INCOMPLETE unless every planned segment is sealed. */
  completeSnapshot(snapshot: SnapshotRecord, finishedMs: number, totals: SnapshotTotals): void;
  /** As if the open snapshot had never been: its rows and segments go, what it marked gone is back. */
  abandonSnapshot(snapshot: SnapshotRecord): void;

  /** The plan of an open snapshot, all segments at once, in state `planned`. */
  planSegments(snapshot: SnapshotRecord, segments: readonly PlannedSegment[]): void;
  segments(snapshot: SnapshotRecord): readonly SegmentRecord[];
  segment(id: number): SegmentRecord | undefined;
  /**
   * A sealed segment with its rows in stream order, in one transaction: the moment from which it need not be sealed again.
   * Rejects, changing nothing, with SEGMENT_SEALED when it was, with ENTRY_TWICE when a path is in the snapshot already.
   */
  addSealedSegment(segmentId: number, facts: SealedFacts, entries: readonly NewEntry[]): void;
  /** The text of the seal, once the chain reached this segment. */
  setSeal(segmentId: number, sealText: string): void;

  /** What a snapshot holds directly in that directory ("." is the root), the first `limit` by name, or all: the base for an incremental walk. */
  children(archive: ArchiveRecord, snapshotNumber: number, directory: Uint8Array, limit?: number): readonly EntryRecord[];
  /** Visible entries at and below `prefix`, in order; undefined for all. */
  entries(archive: ArchiveRecord, snapshotNumber: number, prefix?: Uint8Array): IterableIterator<EntryRecord>;
  /** Rows whose content is in that segment, in stream order: what a volume's catalog carries. */
  entriesOfSegment(segmentId: number): IterableIterator<FoundEntry>;
  /**
   * By last path component, exact or glob (`*`, `?`, `[`); over one archive or all. What was sealed last in an archive comes
   * first.
   */
  findName(pattern: Uint8Array, options: FindOptions): IterableIterator<FoundEntry>;
  /** By beginning of the whole path; in the order of paths, versions of one path oldest first. */
  findPrefix(prefix: Uint8Array, options: FindOptions): IterableIterator<FoundEntry>;
  /** Every version of one path, oldest first. */
  history(archive: ArchiveRecord, path: Uint8Array): IterableIterator<FoundEntry>;
  /** The pieces of an entry's content, in order; one for most files, none for entries without content. */
  pieces(entryId: number): readonly PieceRecord[];

  /** What the walk of that snapshot left out, in place of what was known of it before. One for each path and code counts. */
  setLeftOut(snapshot: SnapshotRecord, entries: Iterable<LeftOut>): void;
  /** In the order of paths. */
  leftOut(snapshot: SnapshotRecord): readonly LeftOut[];
  /** Entries visible in a complete snapshot that are not as they stood in the source (`condition`), those with trouble for longest first. */
  troubled(archive: ArchiveRecord, snapshotNumber: number): IterableIterator<EntryRecord>;
  countTroubled(archive: ArchiveRecord, snapshotNumber: number): number;
}

/** Something in a source that is not in a snapshot at all, or whose content is not: a directory that cannot be read, a socket, another file system. */
export interface LeftOut {
  /** As the archive would call it. */
  readonly path: Uint8Array;
  readonly severity: Severity;
  /** Stable, upper case. */
  readonly code: string;
  readonly text: string;
}

export interface ArchiveRecord {
  readonly id: number;
  readonly name: string;
  readonly uuid: string;
}

export interface SnapshotRecord {
  readonly id: number;
  readonly archiveId: number;
  readonly number: number;
  readonly state: "open" | "complete";
  readonly startedMs: number;
  readonly finishedMs: number | undefined;
  /** The snapshot this one is incremental to; undefined for a full one. */
  readonly base: number | undefined;
  readonly totals: SnapshotTotals | undefined;
}

export interface SnapshotTotals {
  /** Everything visible in the snapshot. */
  readonly entries: number;
  readonly contentBytes: number;
  /** What this run read and sealed. */
  readonly newEntries: number;
  readonly newContentBytes: number;
  readonly sealedBytes: number;
  /** Entries that changed, shrank, vanished or could not be read during the run. */
  readonly troubledEntries: number;
}

export interface PlannedSegment {
  /** From 1 in each snapshot. */
  readonly number: number;
  /** Stream bytes expected, headers included, before compression. */
  readonly plannedBytes: number;
  /** Where in the plan file the segment's work is described: opaque to the catalog. */
  readonly plan: string;
}

export interface SealedFacts {
  readonly sealedBytes: number;
  readonly sealedSha256: string;
  readonly tarBytes: number;
  /** Offset of the first header in the segment's part of the tar stream; equals tarBytes when there is none. */
  readonly firstMemberOffset: number;
  readonly sealedAtMs: number;
}

export interface SegmentRecord extends PlannedSegment {
  readonly id: number;
  readonly snapshotId: number;
  readonly state: "planned" | "sealed";
  readonly facts: SealedFacts | undefined;
  readonly sealText: string | undefined;
}

/** How faithful the stored content is: `intact`, or what happened while it was read. */
export type EntryCondition = "intact" | "changed" | "shrunk" | "vanished" | "unreadable";

export interface EntryFacts {
  readonly path: Uint8Array;
  readonly type: EntryType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
  readonly linkTarget?: Uint8Array;
  readonly condition: EntryCondition;
}

/**
 * A row to add. An entry in several segments is added with each of them, in any order: the one with the piece at offset 0 has its
 * header. Its facts count; of the conditions, the gravest (intact, changed, shrunk, unreadable, vanished). No piece but that of
 * an empty file is empty.
 */
export interface NewEntry extends EntryFacts {
  readonly piece?: NewPiece;
}

export interface NewPiece {
  /** Where in the entry's stored content (a sparse file's data without holes) this piece begins. */
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly sha256: Uint8Array;
}

export interface EntryRecord extends EntryFacts {
  readonly id: number;
  readonly firstSnapshot: number;
  /** The segment with its header. While a snapshot is open, entries whose first piece is not sealed yet are not to be seen. */
  readonly segmentId: number;
}

export interface PieceRecord extends NewPiece {
  readonly segmentId: number;
}

export interface FoundEntry extends EntryRecord {
  readonly archiveId: number;
  /** The first snapshot of its archive in which it is not visible any more; undefined while it is. */
  readonly goneSince: number | undefined;
}

export interface FindOptions {
  readonly archive?: ArchiveRecord;
  readonly limit: number;
}
