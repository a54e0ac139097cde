import type { JobResult } from "./contract.ts";
import type { VerifyFinding } from "./verify-contract.ts";

export interface DuplicateRequest {
  readonly barcode: string;
  /** A blank cartridge in a library, or a volume with nothing on it but its bootstrap. Without it the next blank one that `pool` may take. */
  readonly to?: string;
  /** The pool that the duplicate belongs to; that of the volume when not said. Where neither is said, what was said when an unfinished one was begun holds. */
  readonly pool?: string;
}

/** What copying a volume would do, as far as the records tell. */
export interface DuplicatePlan {
  readonly barcode: string;
  readonly pool: string;
  readonly targetPool: string;
  /** What is on the volume: segments with a seal, and their bytes with it. */
  readonly segments: number;
  readonly sizeBytes: number;
  /** Those that were found bad here: they are taken from other volumes. */
  readonly bad: number;
  /** Bad ones of which no other good copy is known: they cannot be copied. */
  readonly lost: number;
  /** What an unfinished run of the same has copied already. */
  readonly copied: number;
  readonly archives: readonly string[];
  /** Volumes and cartridges that it could go to, the first of them would be taken; `roomBytes` undefined where nobody knows yet. */
  readonly targets: readonly { readonly barcode: string; readonly place: string; readonly roomBytes: number | undefined; readonly fits: boolean | undefined }[];
}

export interface DuplicateResult extends JobResult {
  /** Segments copied by this run. */
  readonly copies: number;
  /** Those of them that were taken from another volume. */
  readonly fromElsewhere: number;
  /** The volumes that have the copies. */
  readonly volumes: readonly string[];
  /** Segments of which there is no good copy at hand: they are not on the duplicate. */
  readonly leftOut: number;
}

export interface MigrateResult extends DuplicateResult {
  /** What reading the new volumes back found. */
  readonly findings: readonly VerifyFinding[];
  /** The old volume was retired. */
  readonly retired: boolean;
}
