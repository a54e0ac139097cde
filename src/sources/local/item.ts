import type { DirectoryItem } from "posix-entries";
import type { EntryType } from "../../formats/tar/index.ts";

const typeMask = 0o170000;
const typesOfMode: Readonly<Record<number, EntryType | "socket">> = {
  0o100000: "file",
  0o040000: "directory",
  0o120000: "symlink",
  0o010000: "fifo",
  0o020000: "character-device",
  0o060000: "block-device",
  0o140000: "socket",
};

/** What the type bits of st_mode say; undefined for what Linux does not know. */
export function typeOf(item: Pick<DirectoryItem, "mode">): EntryType | "socket" | undefined {
  return typesOfMode[item.mode & typeMask];
}

const blockBytes = 512;

/**
 * Fewer blocks than the size needs: the file has holes, or is compressed or inlined by its file system, which the extents will
 * tell.
 */
export function mayBeSparse(item: Pick<DirectoryItem, "sizeBytes" | "blocks">): boolean {
  return item.blocks * blockBytes < item.sizeBytes;
}
