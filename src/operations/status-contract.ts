import type { JobRecord } from "../records/index.ts";
import type { Severity } from "../words/index.ts";

export interface StatusReport {
  /** The worst of the remarks. */
  readonly severity: Severity;
  /** What wants a look, worst first; empty when all is well. */
  readonly remarks: readonly { readonly severity: Severity; readonly code: string; readonly text: string; readonly hint: string | undefined }[];
  /** Jobs that run, or stopped before their end, newest first. */
  readonly jobs: readonly UnfinishedJob[];
  readonly pools: readonly PoolStatus[];
  readonly archives: readonly ArchiveStatus[];
  readonly spoolUsedBytes: number;
  readonly spoolMaxBytes: number;
  readonly atMs: number;
}

export interface UnfinishedJob extends Pick<JobRecord, "id" | "kind" | "subject" | "startedMs"> {
  /** `waiting`: it runs, and somebody is needed for it. `interrupted`: nobody works on it. */
  readonly state: "running" | "waiting" | "interrupted";
  /** What it needs and where, with what to do. */
  readonly needs: readonly string[];
}

/** Copies by what is known of them, each counted once. Only `verified` ones count as safe. */
export interface CopyCounts {
  /** On the medium, and never read back. */
  readonly written: number;
  readonly verified: number;
  /** On a volume that was closed after an error, and not read since. */
  readonly doubted: number;
  /** On a cartridge that is not in its library any more, though nobody took it out through a mail slot. */
  readonly missing: number;
  readonly bad: number;
}

export interface PoolStatus extends CopyCounts {
  readonly pool: string;
  readonly volumes: number;
  /** Volumes that should be verified by now. */
  readonly due: number;
}

export interface ArchiveStatus {
  readonly archive: string;
  readonly snapshots: number;
  /** When the newest snapshot was complete. */
  readonly lastMs: number | undefined;
  /** Copies that its pools should have and have not. */
  readonly missing: number;
  /** Segments of which there is no copy at all that may be good. */
  readonly lost: number;
  /** Entries that the newest snapshot does not have as they stood in the source. */
  readonly troubled: number;
}
