/**
 * Cartridges, the volumes on them, the copies on those, and where everything is. The same guarantees on writes as the catalog.
 */
export interface Inventory {
  /** Runs `work` in one transaction: all of its writes to the inventory happen or none. Synchronous. */
  atomically(work: () => void): void;
  /** Adds or updates by barcode. */
  putCartridge(cartridge: CartridgeRecord): void;
  cartridge(barcode: string): CartridgeRecord | undefined;
  cartridges(): readonly CartridgeRecord[];
  /** Writes the step down and gives the cartridge its new place. */
  recordMovement(movement: MovementRecord): void;
  movements(barcode: string): readonly MovementRecord[];

  /** In state `open` with no objects; what was on the cartridge before is retired. */
  addVolume(volume: NewVolume): VolumeRecord;
  volume(uuid: string): VolumeRecord | undefined;
  /** The volume on that cartridge now; earlier ones are kept as `retired`. */
  volumeOn(barcode: string): VolumeRecord | undefined;
  volumesOfPool(pool: string): readonly VolumeRecord[];
  updateVolume(uuid: string, change: VolumeChange): void;
  /**
   * Nothing more is written on it, after an error. Copies on it that were not checked since `provenSinceMs` (none, when not said) are in doubt from then on,
   * until they are checked.
   */
  closeVolume(uuid: string, provenSinceMs?: number): void;

  /**
   * What is on the volume, object by object; replaces whatever was recorded from that number on, copies included (it was
   * written over).
   */
  addObject(object: ObjectRecord): void;
  /** In order of their numbers. */
  objectsOfVolume(volumeUuid: string): readonly ObjectRecord[];

  /** Replaces an earlier copy of the segment on that volume, and whatever copy that object held. In doubt where the volume is closed and it was not checked. */
  addCopy(copy: Omit<CopyRecord, "doubted">): void;
  updateCopy(segmentId: number, volumeUuid: string, change: { readonly state: CopyState; readonly checkedMs: number }): void;
  /** Without those on retired volumes: they are gone. */
  copiesOfSegment(segmentId: number): readonly CopyRecord[];
  /** In object order. */
  copiesOnVolume(volumeUuid: string): readonly CopyRecord[];
  /**
   * Of the segments of an archive's complete snapshots: how many have no copy in `pool` that may be good, and how many have none in any pool.
   * Copies on retired volumes do not count.
   */
  lacking(archiveId: number, pool: string): { readonly inPool: number; readonly anywhere: number };
  /** Of each volume that is not retired and holds any: its copies, counted by what is known of them. */
  standings(): readonly VolumeStanding[];
  /**
   * Segments of a snapshot that have no copy in `pool` (on a volume that is not retired) of one of those states, in order. Volumes in
   * `without` do not count.
   */
  segmentsWithoutCopy(snapshotId: number, pool: string, states: readonly CopyState[], without?: readonly string[]): readonly number[];
}

export interface CartridgeRecord {
  readonly barcode: string;
  readonly kind: "tape" | "folder";
  /** Undefined: scratch, free for any pool of its kind. */
  readonly pool: string | undefined;
  readonly state: "blank" | "in-use" | "foreign" | "damaged" | "retired";
  /** `library vtl slot 3`, `library vtl drive 0`, a folder's path, `shelf B4`; what was last known. */
  readonly place: string;
  /** Of a folder: set by the operator where it may not be filled up. Of a tape: what its drive said when it was labelled. */
  readonly capacityBytes: number | undefined;
  readonly seenMs: number;
}

export interface MovementRecord {
  readonly barcode: string;
  readonly timeMs: number;
  readonly from: string;
  readonly to: string;
  /** The person or program behind it, and the reason in words. */
  readonly who: string;
  readonly why: string;
}

export interface NewVolume {
  readonly uuid: string;
  readonly barcode: string;
  readonly pool: string;
  readonly blockSizeBytes: number;
  readonly createdMs: number;
}

export interface VolumeRecord extends NewVolume {
  /** `open`: can be appended to; `full`; `closed`: not written any more after an error; `retired`: overwritten or gone. */
  readonly state: "open" | "full" | "closed" | "retired";
  /** Objects known to be on the medium, the bootstrap included: the next one is written under this number. */
  readonly objects: number;
  readonly bytesWritten: number;
  /** A session is open while there are objects behind the last trailer. */
  readonly sessionOpen: boolean;
  /** Writing was begun of objects below this number: where it is more than `objects`, those may be on the medium, whole, torn or not at all. */
  readonly begunObjects: number;
  readonly verifiedMs: number | undefined;
}

export interface ObjectRecord {
  readonly volumeUuid: string;
  readonly number: number;
  readonly role: "bootstrap" | "segment" | "seal" | "trailer";
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly writtenMs: number;
}

export type VolumeChange = Partial<Pick<VolumeRecord, "state" | "objects" | "bytesWritten" | "sessionOpen" | "begunObjects" | "verifiedMs">>;

/** `written`: on the medium; `verified`: read back and equal to its seal; `bad`: it was not. Only verified copies count. */
export type CopyState = "written" | "verified" | "bad";

export interface CopyRecord {
  readonly segmentId: number;
  readonly volumeUuid: string;
  /** The segment's object; its seal is the next one. */
  readonly objectNumber: number;
  readonly state: CopyState;
  readonly writtenMs: number;
  readonly checkedMs: number | undefined;
  /** Its volume was closed after an error, and it was not checked since. */
  readonly doubted: boolean;
}

/** Each copy counts once. */
export interface VolumeStanding {
  readonly volumeUuid: string;
  readonly barcode: string;
  readonly pool: string;
  readonly state: VolumeRecord["state"];
  /** Of its cartridge. */
  readonly place: string;
  /** Of copies that are neither in doubt nor missing. */
  readonly written: number;
  readonly verified: number;
  readonly bad: number;
  /** Not bad, and in doubt: see `closeVolume`. */
  readonly doubted: number;
  /** Not bad, on a cartridge that went out of its library without a word. */
  readonly missing: number;
  /** Of those in doubt or missing: of how many segments the pool has no other copy that is neither, nor bad. */
  readonly uncovered: number;
}
