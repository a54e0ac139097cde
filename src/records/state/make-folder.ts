import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "./replace-file.ts";

/**
 * Makes a folder, and those that lead to it, so that they survive a power cut: a file that is synced in a folder whose own name was never made
 * durable is gone with it.
 */
export function makeFolder(path: string, mode = 0o700): void {
  const first = mkdirSync(path, { recursive: true, mode });
  // Also where it was there: whoever made it may have been killed before this.
  for (let made = path; ; made = dirname(made)) {
    syncParent(made);
    if (first === undefined || made === first || made === dirname(made)) return;
  }
}

/** Folders above ours may belong to others, who do not let them be read, and some file systems sync no folders. */
function syncParent(path: string): void {
  try {
    syncFolder(dirname(path));
  } catch (thrown) {
    const errno = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    if (errno !== "EACCES" && errno !== "EPERM" && errno !== "EINVAL") throw thrown;
  }
}
