/**
 * What a volume is written on: an ordered list of objects, numbered from 0. A tape file or a file of a folder; nothing above knows which.
 *
 * Guarantees of every implementation:
 * - Objects are written from 0 to some last one without gaps. `readObject` of the next number answers `end-of-data`; of an object that was
 *   taken away from between others it rejects with `OBJECT_GONE` (mismatch), and the others can be read all the same.
 * - `writeObject(n)` discards everything from object n on, whatever it was; callers must be sure.
 * - Objects are on the medium in the order they were finished in, but an object counts only once `sync` returned after its `finish`: from then on it survives a
 *   power cut. When `sync` rejects, or anything that was asked of the medium before it, nobody knows how many of the objects finished since the last `sync` are there:
 *   some of the first, whole, and perhaps a torn one behind them. They are written again from the first one on, or found by reading.
 * - An object that was not finished leaves those before it as they are.
 * - One object is open at a time.
 * - Errors of the device come as StrongroomError; end of medium is a result.
 */
export interface VolumeMedium {
  readonly kind: "tape" | "folder";
  /** The label on the outside. */
  readonly barcode: string;
  /** The size of one write, bytes; the last write of an object may be shorter. */
  readonly blockSizeBytes: number;
  readonly writeProtected: boolean;
  readObject(number: number): Promise<ObjectReader | "end-of-data">;
  writeObject(number: number, role: ObjectRole): Promise<ObjectWriter>;
  /**
   * Returns when everything finished is on the medium. On tape the drive stops for it, which takes seconds: not after every object. No object may be open.
   * Rejects with `END_OF_MEDIUM` when what the drive has taken does not fit any more.
   */
  sync(): Promise<void>;
  /** How many objects there are. May take a sweep over the whole tape. */
  countObjects(): Promise<number>;
  capacity(): Promise<MediumCapacity>;
  /**
   * The device reads an object of about that size by itself, whole, and tells whether it could: what it read is compared with nothing but the device's own check codes, and
   * nothing of it comes here. Not there on media that have no such device. `not-offered`: this device has no such command, and nothing was read. Errors are those of reading.
   */
  verifyObject?(number: number, sizeBytes: number): Promise<ObjectReadThrough | "end-of-data" | "not-offered">;
  /**
   * In which order to read these stretches with the least winding: indices into `stretches`, each once. `extents` says what is on the medium,
   * object by object from 0. The order they came in where it makes no difference, or nothing is known.
   */
  readOrder(extents: readonly ObjectExtent[], stretches: readonly ObjectStretch[]): Promise<readonly number[]>;
  /** A note on the outside, where there is one (cartridge memory): best effort, never needed. */
  writeNote(note: VolumeNote): Promise<void>;
  close(): Promise<void>;
}

export type ObjectRole = "bootstrap" | "segment" | "seal" | "trailer";

export interface ObjectReadThrough {
  /** How many blocks it lies in; undefined where the device does not count them. */
  readonly blocks: number | undefined;
}

export interface ObjectExtent {
  readonly role: ObjectRole;
  readonly sizeBytes: number;
}

/** Objects that are read one after the other; both ends included. */
export interface ObjectStretch {
  readonly first: number;
  readonly last: number;
}

export interface ObjectReader {
  /** Fills from the start of `target`; returns bytes, 0 at the end of the object. `target` must hold a largest block (1 MiB on tape). */
  read(target: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

export interface ObjectWriter {
  /**
   * Takes any number of bytes and cuts them to blocks itself.
   * `early-warning`: written, but what follows must be short. `full`: not wholly written; abandon and write a trailer over it.
   */
  write(bytes: Uint8Array): Promise<"written" | "early-warning" | "full">;
  /** Writes what is left and marks the end of the object. It is on the medium once `sync` of the medium returned. */
  finish(): Promise<"finished" | "full">;
  /** Gives the object up; the next writeObject of the same number takes its place. */
  abandon(): Promise<void>;
}

export interface MediumCapacity {
  readonly totalBytes: number;
  readonly remainingBytes: number;
}

export interface VolumeNote {
  readonly volumeUuid: string;
  readonly pool: string;
  readonly writtenAtMs: number;
}
