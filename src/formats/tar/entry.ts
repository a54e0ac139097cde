/** What an archived entry is. Sockets are no entries: they are noted and left out. */
export type EntryType = "file" | "directory" | "symlink" | "hardlink" | "fifo" | "character-device" | "block-device";

/** One file, directory, link or device as a tar header describes it (POSIX.1-2017, pax Interchange Format). */
export interface TarEntry {
  /** Relative, without leading `./` or `/` and without trailing slash; the root of a source is `.`. Any bytes but NUL. */
  readonly path: Uint8Array;
  readonly type: EntryType;
  /** The twelve permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** User and group name; empty where the machine knows none. */
  readonly owner: string;
  readonly group: string;
  /** Modification time in nanoseconds since 1970 UTC; may be negative. */
  readonly mtimeNs: bigint;
  /** Size of a file as its reader sees it (holes included); 0 for everything else. */
  readonly sizeBytes: number;
  /** Where a symlink points (any bytes), or the path of the earlier entry that a hard link shares its content with. */
  readonly linkTarget?: Uint8Array;
  readonly device?: { readonly major: number; readonly minor: number };
  /** Extended attributes except POSIX ACLs. */
  readonly xattrs?: readonly ExtendedAttribute[];
  /** POSIX ACLs in the short text form of acl_to_text(3), numeric ids, comma-separated. */
  readonly aclAccess?: string;
  readonly aclDefault?: string;
  /** The stretches of a sparse file that hold data, in order; absent when the file has no holes. */
  readonly sparseMap?: readonly DataExtent[];
  /**
   * Directories of an incremental snapshot only: every name in the directory as it stood, so that `tar --incremental` removes
   * what is gone.
   * In order; `stored` tells whether it is in this same stream.
   */
  readonly dumpdir?: readonly DumpdirName[];
}

export interface ExtendedAttribute {
  /** With its namespace: `user.note`. */
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}

export interface DataExtent {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

export interface DumpdirName {
  readonly name: Uint8Array;
  readonly kind: "directory" | "stored" | "not-stored";
}
