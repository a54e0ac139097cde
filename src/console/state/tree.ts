import type { EntryRecord, SnapshotRecord } from "../../records/index.ts";

/** Where somebody is below an archive: at its snapshots, or in the tree of one. */
export interface TreePlace {
  readonly archive: string;
  /** Undefined while they are being read. */
  readonly snapshots: readonly SnapshotRecord[] | undefined;
  /** Undefined at the list of snapshots. */
  readonly snapshot: number | undefined;
  /** Directories that are open, by their printable paths; the top is the empty one. Closed ones are read again when they are opened. */
  readonly directories: ReadonlyMap<string, Listing>;
  /** Printable paths, which stand for exactly one path each. */
  readonly marked: ReadonlySet<string>;
}

export interface Listing {
  /** Undefined while it is being read. */
  readonly entries: readonly EntryRecord[] | undefined;
  /** More than are shown. */
  readonly hasMore: boolean;
}

/** Where Enter leads. */
export type Opening =
  | { readonly kind: "snapshots"; readonly archive: string }
  | { readonly kind: "tree"; readonly archive: string; readonly snapshot: number }
  | { readonly kind: "exchange"; readonly direction: "out" | "in"; readonly library: string; readonly barcodes: readonly string[] }
  | { readonly kind: "directory"; readonly archive: string; readonly snapshot: number; readonly path: Uint8Array };

/** A command line takes so many paths; whoever wants more restores a directory. */
export const mostMarked = 200;
