/**
 * What is recorded in one partition of a cartridge: a sequence of logical objects (SSC-5, 4.2.6), each a block of bytes or a filemark,
 * numbered from 0.
 *
 * Guarantees of every implementation:
 * - Calls that return a promise are not overlapped by the caller; all others may be made between them.
 * - What was there when `sync` resolved is there for every later opening, whatever ends the process or the machine. What was
 *   appended since
 *   may or may not be; a block is there whole or not at all, and nothing is there without all that was recorded before it.
 * - `truncate` is durable when it resolves: nothing behind it ever comes back, so that new blocks cannot mix with old ones.
 * - Memory does not grow with the bytes stored (except in the store that is memory), only with changes of the block size.
 */
export interface CartridgeStore {
  readonly index: ReadonlyBlockIndex;
  /** So many objects, from the first on, would be there after a loss of power. */
  readonly syncedObjects: number;
  /** Appends one block of at least one byte at the end of data. The buffer is the caller's again when it resolves. */
  append(block: Uint8Array): Promise<void>;
  appendFilemarks(count: number): Promise<void>;
  /** Copies the first `target.length` bytes, or fewer where the block is shorter, of the block with that number. */
  read(objectNumber: number, target: Uint8Array): Promise<void>;
  /** Makes `objectNumber` the end of data. */
  truncate(objectNumber: number): Promise<void>;
  sync(): Promise<void>;
  /** As when power fails: everything appended since the last `sync` is gone. */
  dropUnsynced(): Promise<void>;
  /** Where content is not kept: SHA-256 over all blocks of a tape file that has ended; undefined where it has no blocks or cannot be told. */
  digestOf?(file: number): Promise<string | undefined>;
  /** Lets go of files without syncing. Closing twice is fine. */
  close(): Promise<void>;
}

export type TapeObject =
  | { readonly kind: "block"; readonly sizeBytes: number; readonly offsetBytes: number }
  | { readonly kind: "filemark" };

export interface ReadonlyBlockIndex {
  /** The number of logical objects, which is the object number of the end of data. */
  readonly objectCount: number;
  readonly filemarkCount: number;
  /** Bytes of all blocks. */
  readonly dataBytes: number;
  /** Undefined at and behind the end of data. */
  objectAt(objectNumber: number): TapeObject | undefined;
  filemarksBefore(objectNumber: number): number;
  /** Bytes of all blocks before this object. */
  bytesBefore(objectNumber: number): number;
  /** The object number of the filemark with that ordinal, the first is 0. Undefined when there are fewer. */
  filemark(ordinal: number): number | undefined;
  /** The first object of the next stretch of at least `count` filemarks in a row, of what lies at and behind `from`. */
  nextFilemarks(from: number, count: number): number | undefined;
  /** The first of the last `count` filemarks in a row before `from`. */
  previousFilemarks(from: number, count: number): number | undefined;
  /** The stretches of equal objects, in order. */
  runs(): IterableIterator<Run>;
}

/** `count` blocks of `sizeBytes` each, or, with size 0, `count` filemarks. */
export interface Run {
  readonly sizeBytes: number;
  readonly count: number;
}
