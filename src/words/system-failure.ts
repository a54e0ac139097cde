import { constants } from "node:os";

/** What a call of the operating system failed with (`ENOSPC`); undefined where it was none. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  // libuv has no name for a user's limit, and calls it "Unknown system error -122".
  if ("errno" in thrown && thrown.errno === -constants.errno.EDQUOT) return "EDQUOT";
  return "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}

/** No more room on the file system, or for this user. */
export function isDiskFull(thrown: unknown): boolean {
  const code = systemCode(thrown);
  return code === "ENOSPC" || code === "EDQUOT";
}
