import type { BulkCipher } from "../../formats/message/index.ts";
import type { ArchiveRecord, Catalog, Inventory, SegmentRecord, SnapshotRecord } from "../../records/index.ts";
import type { Clock, Severity } from "../../words/index.ts";
import type { PoolWriter } from "../../work/place/index.ts";
import type { PlanSource } from "../../work/plan/index.ts";
import type { SealCrew } from "../../work/seal/index.ts";
import type { Spool } from "../../work/spool/index.ts";

/** What an archive run is made of. The concrete parts are chosen in main and operations. */
export interface ArchiveRunParts {
  readonly archive: ArchiveRecord;
  readonly sources: readonly PlanSource[];
  readonly pools: readonly string[];
  readonly cipher: BulkCipher;
  readonly compression: "auto" | "off";
  readonly segmentSizeBytes: number;
  /** Read the new copies back before the snapshot counts as complete. */
  readonly verify: boolean;
  readonly catalog: Catalog;
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly spool: Spool;
  /** Where plans are kept: a folder of the state. */
  readonly planFolder: string;
  /** Started when there is something to seal. */
  hireCrew(): SealCrew;
  /** A fresh session key and its packets for every recipient. */
  makeSessionKey(): Promise<{ readonly sessionKey: Uint8Array; readonly sessionKeyPackets: Uint8Array }>;
  /** The clear-signed seal of a segment. */
  makeSeal(segment: SegmentRecord, snapshot: SnapshotRecord, position: SealPosition): Promise<string>;
  poolWriter(pool: string, snapshot: SnapshotRecord, onLeft: (barcode: string) => void, signal: AbortSignal): PoolWriter;
  /** Somebody waits for a drive that this process uses. */
  isDriveAwaited(): boolean;
  /** Brings a segment that left the spool back into it from one of its copies; false when no copy is in reach. */
  refetch(segment: SegmentRecord, signal: AbortSignal): Promise<boolean>;
  /** Reads back what the run wrote on that cartridge; returns what is wrong, worst first. */
  verifyCopies(barcode: string, report: ProgressReport, signal: AbortSignal): Promise<readonly VerifyProblem[]>;
}

export interface SealPosition {
  readonly tarOffsetBytes: number;
  /** SHA-256 of the text of the seal before; undefined for the first of an archive. */
  readonly previousSealSha256: string | undefined;
  /** How many segments the snapshot has. */
  readonly segments: number;
}

export interface VerifyProblem {
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
}

/** Where the pieces of a run tell how far they are. */
export interface ProgressReport {
  readonly stage: (name: string, totalBytes: number | undefined, totalEntries: number | undefined) => void;
  readonly bytes: (countBytes: number) => void;
  readonly entries: (count: number) => void;
  readonly current: (path: Uint8Array) => void;
  readonly cartridge: (barcode: string, fill: number) => void;
  readonly writing: (pool: string, isWriting: boolean) => void;
}
