import { isDiskFull, printable, StrongroomError, systemCode } from "../words/index.ts";

/** No more room on the file system, or for this user, or in files of this size. */
export function isFull(error: unknown): boolean {
  return isDiskFull(error) || systemCode(error) === "EFBIG";
}

export function folderFailure(error: unknown, path: string): StrongroomError {
  const where = printable(path);
  switch (systemCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new StrongroomError("operator", "FOLDER_MISSING", `${where} is not there; nothing was changed`, {
        hint: "attach the disk, then try again",
        cause: error,
      });
    case "ELOOP":
      return new StrongroomError("mismatch", "OBJECT_NO_FILE", `${where} is a symbolic link, which a volume never has; it `
        + "was not read", {
        hint: "use another copy of the volume",
        cause: error,
      });
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new StrongroomError("operator", "FOLDER_READ_ONLY", `${where} may not be written or read; nothing was changed`, {
        hint: "check how the disk is mounted and who owns the folder",
        cause: error,
      });
    default:
      return new StrongroomError("failed", "FOLDER_FAILED", `${where} failed: ${reasonOf(error)}`, {
        hint: "check the disk; finished objects are not concerned",
        cause: error,
      });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
