import type { TarEntry } from "../../../formats/tar/index.ts";
import type { Severity } from "../../../words/index.ts";

/**
 * Unpacks entries below one directory, whatever their names say.
 *
 * Guarantees:
 * - Nothing outside the directory is made, changed or linked to: every component is opened from its parent's descriptor and never
 *   followed when it is a symlink. Absolute paths are made relative, `..` is refused.
 * - No half file bears its final name: content goes to a name beginning with `.strongroom-` and gets its own once it is whole
 *   and has its
 *   owner, mode, attributes and times. A killed restore leaves at most such names behind.
 * - What exists is treated as `existing` says; a directory is never replaced, only entered.
 * - An entry that cannot be made is a notice, and the rest goes on. Only a full target or a broken promise of the caller throws.
 * - Descriptors: one for each open file, at most 64 of directories. Memory: about 600 bytes for each directory and each hard
 *   link that came
 *   before its target, until `finish`.
 */
export interface TreeWriter {
  /**
   * Makes anything that has no content to wait for: directories, links, devices, fifos, empty files. Directories get their
   * metadata at `finish`.
   */
  add(entry: TarEntry): "made" | "left-out";
  /** Begins a file; undefined when it is left out. The caller gives its content and then calls `complete` or `abandon`. */
  beginFile(entry: TarEntry): FileWriter | undefined;
  /**
   * Makes the hard links that waited, then the metadata of directories, deepest first. Open files are abandoned. Closes
   * everything. When it returns, all that was made outlasts a power cut. @throws StrongroomError TARGET_FAILED
   */
  finish(): TargetSummary;
  /** As if the process ended here, but tidily: open files are removed, what is whole stays. */
  abandon(): void;
}

export interface FileWriter {
  /** Content at an offset of the file, in any order. @throws StrongroomError TARGET_FULL */
  write(offsetBytes: number, bytes: Uint8Array): void;
  /** The same for bytes as the archive stores them: without the holes of a sparse file. */
  writeStored(storedOffsetBytes: number, bytes: Uint8Array): void;
  /**
   * Gives the file its metadata and its name. False when it could not be, or when content is missing: then it is gone and noted.
   */
  complete(): boolean;
  abandon(): void;
}

export interface TargetOptions {
  /**
   * What happens to a name that is taken: `refuse` leaves what is there and notes it (the default), `replace` puts the entry in
   * its place,
   * `keep-newer` does so unless what is there has a later modification time.
   */
  readonly existing?: "refuse" | "replace" | "keep-newer";
  /** Owners by their names where this machine has them, else by number (`name`, the default), or always by number. */
  readonly ownerBy?: "name" | "number";
  /** May owners be given and devices made? Default: whether the process has root's rights to owners. */
  readonly privileged?: boolean;
  readonly notice?: (notice: TargetNotice) => void;
}

export interface TargetNotice {
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
  /** As the archive calls it. */
  readonly path: Uint8Array;
}

export interface TargetSummary {
  readonly made: number;
  readonly leftOut: number;
}
