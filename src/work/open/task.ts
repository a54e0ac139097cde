import type { EntryCondition } from "../../records/index.ts";
import type { Severity } from "../../words/index.ts";

/** Where a restore goes and how it treats what is there. */
export interface OpenTarget {
  readonly directory: string;
  readonly existing: "refuse" | "replace" | "keep-newer";
  readonly owners: "by-name" | "by-number" | "none";
}

/** One wanted entry as the catalog knows it. */
export interface WantedEntry {
  readonly path: Uint8Array;
  /** Another path to restore it under: of a hard link whose own entry has no content. */
  readonly as?: Uint8Array;
  /** Hard links only: the restored name to link to, where the one in the archive is not restored. */
  readonly linkTo?: Uint8Array;
  readonly condition: EntryCondition;
  /** Stored bytes of the whole entry, over all its segments. */
  readonly storedBytes: number;
  /** The piece of it that is in this segment; undefined where it has no content. */
  readonly piece?: { readonly offsetBytes: number; readonly lengthBytes: number; readonly sha256: Uint8Array };
}

/** One segment to open: a file in the spool that equals its seal. */
export interface SegmentTask {
  readonly path: string;
  /** 32 bytes; zeroed by whoever opens. */
  readonly sessionKey: Uint8Array;
  /** Stored bytes of a file from the segment before, at the beginning of this one. */
  readonly continued?: { readonly path: Uint8Array; readonly lengthBytes: number };
  readonly wanted: readonly WantedEntry[];
}

export interface OpenProblem {
  readonly severity: Severity;
  readonly code: string;
  readonly path: Uint8Array;
  readonly text: string;
}

export interface SegmentOpened {
  readonly entries: number;
  readonly contentBytes: number;
  readonly problems: readonly OpenProblem[];
}

export interface TargetFinished {
  readonly made: number;
  readonly leftOut: number;
  readonly problems: readonly OpenProblem[];
}

/** What the opening thread is told, one at a time; each is answered. */
export type OpenRequest =
  | { readonly kind: "target"; readonly target: OpenTarget }
  | { readonly kind: "segment"; readonly segment: SegmentTask }
  | { readonly kind: "finish" }
  | { readonly kind: "abandon" };

export type OpenAnswer =
  | { readonly kind: "done" }
  | { readonly kind: "opened"; readonly opened: SegmentOpened }
  | { readonly kind: "finished"; readonly finished: TargetFinished }
  | { readonly kind: "failed"; readonly failure: OpenFailure };

/** A StrongroomError on its way between threads. */
export interface OpenFailure {
  readonly errorKind: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}
