import type { Severity } from "../words/index.ts";
import type { JobResult, VolumePlace } from "./contract.ts";

export type VerifyRequest = VolumePlace & VerifyManner;

/** All of it is read and compared unless one of these is there; never both. */
export interface VerifyManner {
  readonly sample?: SampleRequest;
  /** By the drive alone, where it can: proves that the tape can be read, not that it holds what was written. */
  readonly quick?: boolean;
}

/** A share of the segments, above 0 to 1. Without a seed one is drawn; the job says which. */
export interface SampleRequest {
  readonly share: number;
  readonly seed?: number;
}

export interface DueVolume {
  readonly barcode: string;
  readonly pool: string;
  /** Since when nobody has looked at some part of it. */
  readonly oldestMs: number;
  readonly dueMs: number;
  readonly inReach: boolean;
}

export interface VerifyManyResult {
  readonly severity: Severity;
  readonly results: readonly VerifyResult[];
  /** Those that could not be read to their end; their jobs go on when they are verified again. */
  readonly failed: readonly { readonly barcode: string; readonly code: string; readonly text: string }[];
  /** Barcodes for which there was no time, or that are out of reach. */
  readonly left: readonly string[];
}

export interface VerifyFinding {
  readonly severity: Severity;
  readonly code: string;
  readonly barcode: string;
  readonly object: number;
  readonly role: string;
  readonly text: string;
  readonly hint: string;
}

export interface VerifyResult extends JobResult {
  readonly objects: number;
  readonly readBytes: number;
  readonly findings: readonly VerifyFinding[];
  /** How it was done: a quick one becomes a full one where the drive cannot do it. */
  readonly method: "full" | "sample" | "quick";
  /** What was made anew because of it; empty where nothing had to be, or nothing could be. */
  readonly mends: readonly MendResult[];
}

export interface MendResult extends JobResult {
  readonly copies: number;
  readonly volumes: readonly string[];
  /** Segments of which no good copy can be had now. */
  readonly without: number;
}
