import type { Catalog, Inventory, VolumeRecord } from "../../records/index.ts";
import type { Clock, StrongroomError } from "../../words/index.ts";
import type { OpenedVolume } from "../../work/mount/index.ts";
import type { PoolWriter } from "../../work/place/index.ts";
import type { Spool } from "../../work/spool/index.ts";

/** What copying a volume is made of. The concrete parts are chosen in operations. */
export interface DuplicateParts {
  readonly catalog: Catalog;
  readonly inventory: Inventory;
  readonly clock: Clock;
  /** Of this job alone. */
  readonly spool: Spool;
  readonly source: VolumeRecord;
  /** Volumes that the copies are on, or shall be on, as far as that is settled: UUIDs. */
  targets(): readonly string[];
  /** Writes to the targets, and to nothing else. */
  writer(): PoolWriter;
  open(volume: VolumeRecord): Promise<OpenedVolume>;
  /** Reading and writing need not wait for each other: there is a drive for each, or one side needs none. */
  readonly sideBySide: boolean;
  /** Somebody of this process waits for a drive. */
  isDriveAwaited(): boolean;
  /** The failure is one of the drive, the library or the way there: it says nothing about what is on the volume. */
  isElsewhere(error: StrongroomError): boolean;
}

export interface DuplicateReport {
  readonly stage: (name: string, totalBytes: number | undefined, totalEntries: number | undefined) => void;
  readonly bytes: (countBytes: number) => void;
}

export interface DuplicateOutcome {
  /** Segments copied by this run. */
  readonly copies: number;
  /** Those of them that were taken from another volume, because they are not good on this one. */
  readonly fromElsewhere: number;
  /** Barcodes of the volumes that have the copies, of this run and of those before it. */
  readonly volumes: readonly string[];
  /** Segments of which no good copy could be had: they are not on the duplicate. */
  readonly leftOut: number;
}
