import type { Severity } from "../words/index.ts";
import type { JobResult, VolumePlace } from "./contract.ts";

export type VerifyRequest = VolumePlace & { readonly sample?: SampleRequest };

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
  /** What was made anew because of it; empty where nothing had to be, or nothing could be. */
  readonly mends: readonly MendResult[];
}

export interface MendResult extends JobResult {
  readonly copies: number;
  readonly volumes: readonly string[];
  /** Segments of which no good copy can be had now. */
  readonly without: number;
}
