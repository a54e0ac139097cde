import { syncFileSystem } from "posix-entries";
import { StrongroomError, systemCode } from "../../../words/index.ts";

/**
 * Returns when all that was restored is on the target's disk. One call for the whole file system: a sync of each of a million small files would take
 * longer than the restore. What a disk or a server refuses only now (a limit of NFS, say) is told here, and never later.
 * @throws StrongroomError TARGET_FAILED
 */
export function makeDurable(rootFd: number): void {
  try {
    syncFileSystem(rootFd);
  } catch (error) {
    const reason = systemCode(error) ?? "unknown";
    const message = `the disk of the target did not take all that was written to it (${reason}); any file of this restore may be incomplete, and none counts as restored`;
    throw new StrongroomError("failed", "TARGET_FAILED", message, {
      severity: "fatal",
      hint: "look at the kernel log (dmesg) and at the room on that disk, then run the same command again with --when-exists replace, or with another target",
      cause: error,
    });
  }
}
