import type { ArchiveInfo, JobProgress, ListedDrive, PoolInfo, ShownLibrary } from "../../operations/index.ts";
import type { JobEvent, JobRecord, VolumeRecord } from "../../records/index.ts";
import type { Severity } from "../../words/index.ts";

/** What the console knows of the appliance: read as a whole now and then, never changed. */
export interface AppliancePicture {
  readonly readMs: number;
  readonly name: string;
  readonly spool: { readonly usedBytes: number; readonly maxBytes: number };
  /** Whether there is what seals volumes. */
  readonly hasKeys: boolean;
  readonly libraries: readonly LibraryPicture[];
  readonly drives: readonly ListedDrive[];
  readonly pools: readonly PoolInfo[];
  readonly archives: readonly ArchiveInfo[];
  readonly volumes: readonly (VolumeRecord & { readonly place: string })[];
  /** The newest first. */
  readonly jobs: readonly JobRecord[];
  /** Of jobs that run now, whichever process runs them. */
  readonly progress: readonly JobProgress[];
  /** The newest last. */
  readonly events: readonly JobEvent[];
  readonly checks: readonly Check[];
}

export interface LibraryPicture {
  readonly name: string;
  /** Undefined where it did not answer; then there is `trouble`. What was known before stays beside it, and says how old it is. */
  readonly shown: ShownLibrary | undefined;
  readonly shownMs: number;
  readonly trouble: { readonly code: string; readonly sentence: string; readonly hint: string | undefined } | undefined;
}

export interface Check {
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
  readonly hint: string | undefined;
}
