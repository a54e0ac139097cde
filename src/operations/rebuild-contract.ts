import type { JobResult, SecretSource } from "./contract.ts";

export interface RebuildRequest {
  /** Only volumes of this pool. */
  readonly pool: string | undefined;
  /** Barcodes and folders to read; empty: everything in the libraries, and every folder that is known. */
  readonly from: readonly string[];
  /** Finish although volumes that once were are not there. */
  readonly withoutMissing: boolean;
  /** Armored private key, locked, and the secret that opens it: catalogs are encrypted. */
  readonly keyFile: string;
  readonly passphrase: SecretSource;
}

export interface RebuildResult extends JobResult {
  readonly volumes: readonly string[];
  readonly missing: readonly string[];
  readonly archives: number;
  readonly snapshots: number;
  readonly segments: number;
  readonly leftOut: readonly { readonly archive: string; readonly snapshot: number; readonly why: string }[];
  /** Pools and archives that the volumes know and config.json did not: they are in it now, as they were when the newest volume was written. */
  readonly restoredPolicies: readonly string[];
  /** Where the old records were put aside; undefined when there were none. */
  readonly oldRecords: string | undefined;
}
