import type { Severity } from "../../words/index.ts";

/** What was read back of volumes and copies, when, how, and what came of it. The same guarantees on writes as the catalog. */
export interface Verifications {
  /** Writes down that a volume is being read back. */
  begin(verification: NewVerification): number;
  /**
   * Adds what was checked since the last call, with what was found. Keeps the newest `checksKept` checks of each copy.
   * Synchronous, and part of a transaction that is under way.
   */
  add(id: number, step: VerificationStep): void;
  finish(id: number, outcome: { readonly severity: Severity; readonly finishedMs: number }): void;
  /** Newest first. */
  ofVolume(volumeUuid: string, limit: number): readonly VerificationRecord[];
  verification(id: number): VerificationRecord | undefined;
  /** In the order they were made. */
  findings(id: number): readonly VerificationFinding[];
  /** Checks of the copies of a segment, on whatever volume, newest first. */
  checksOfSegment(segmentId: number, limit: number): readonly CopyCheck[];
  /**
   * For each volume that is not retired: since when nobody has looked at what was looked at longest ago. A copy counts from when it was written until it
   * is checked, a volume without copies from when it was made or verified. Oldest first.
   */
  oldestChecks(): readonly { readonly volumeUuid: string; readonly oldestMs: number }[];
}

export const checksKept = 100;

/**
 * `full`: every object; `sample`: some segments; `quick`: by the drive alone; `suspects`: what a quick one could not pass, read and compared; `new copies`: what a run has
 * just written.
 */
export type VerificationMethod = "full" | "sample" | "quick" | "suspects" | "new copies";

export interface NewVerification {
  /** The job that read it, if it was one of its own. */
  readonly jobId: number | undefined;
  readonly volumeUuid: string;
  readonly barcode: string;
  readonly method: VerificationMethod;
  /** Where it was read: the library and drive, or the folder. */
  readonly place: string;
  readonly startedMs: number;
}

export interface VerificationRecord extends NewVerification {
  readonly id: number;
  /** Undefined while it goes on, and of one that nobody finished. */
  readonly finishedMs: number | undefined;
  readonly objects: number;
  readonly readBytes: number;
  readonly severity: Severity | undefined;
}

export interface VerificationFinding {
  readonly severity: Severity;
  readonly code: string;
  readonly object: number;
  readonly role: string;
  readonly text: string;
  readonly hint: string;
}

export interface VerificationStep {
  readonly objects: number;
  readonly readBytes: number;
  readonly findings: readonly VerificationFinding[];
  readonly checks: readonly Omit<CopyCheck, "verificationId" | "volumeUuid">[];
}

export interface CopyCheck {
  readonly verificationId: number;
  readonly volumeUuid: string;
  readonly objectNumber: number;
  readonly segmentId: number;
  readonly timeMs: number;
  readonly isIntact: boolean;
}
