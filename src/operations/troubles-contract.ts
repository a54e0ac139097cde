import type { EntryRecord } from "../records/index.ts";
import type { Severity } from "../words/index.ts";

export interface ArchiveTroubles {
  readonly archive: string;
  /** The snapshot they are of; undefined where there is none yet. */
  readonly snapshot: number | undefined;
  /** How many there are, told or not. */
  readonly count: number;
  readonly troubles: readonly TroubledEntry[];
}

export interface TroubledEntry {
  /** Any bytes. */
  readonly path: Uint8Array;
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
  readonly condition: EntryRecord["condition"] | "left out";
  /** The snapshot since which it is so. */
  readonly since: number;
}
