import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { printable, StrongroomError, systemCode } from "../../words/index.ts";
import { syncFolder } from "./replace-file.ts";

/**
 * Makes a folder, and those that lead to it, so that they survive a power cut: a file that is synced in a folder whose own name was never made
 * durable is gone with it.
 */
export function makeFolder(path: string, mode = 0o700): void {
  const first = makeFolders(path, mode);
  // Also where it was there: whoever made it may have been killed before this.
  for (let made = path; ; made = dirname(made)) {
    syncParent(made);
    if (first === undefined || made === first || made === dirname(made)) return;
  }
}

/** The same without making the names durable, for folders that every start makes anew. Gives the first that was not there. */
export function makeFolders(path: string, mode = 0o700): string | undefined {
  try {
    return mkdirSync(path, { recursive: true, mode });
  } catch (thrown) {
    // Node.js says so of whatever refused a folder for a reason that it does not know, such as a disk that fails.
    if (systemCode(thrown) !== "ENOENT") throw thrown;
    throw new StrongroomError("failed", "FOLDER_NOT_MADE", `the folder ${printable(path)} could not be made; nothing was changed`, {
      hint: "look at the kernel log (dmesg) for errors of its disk, and whether this user has room there; then run the same command again",
      cause: thrown,
    });
  }
}

/** Folders above ours may belong to others, who do not let them be read, and some file systems sync no folders. */
function syncParent(path: string): void {
  try {
    syncFolder(dirname(path));
  } catch (thrown) {
    const errno = systemCode(thrown);
    if (errno !== "EACCES" && errno !== "EPERM" && errno !== "EINVAL") throw thrown;
  }
}
