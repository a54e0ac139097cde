import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const env = { PATH: "/usr/bin:/usr/local/bin:/bin" };

export const hasSgLogs = spawnSync("sg_logs", ["--version"], { env }).error === undefined;

/** What sg3-utils, which is not ours, makes of the page of a tape drive. */
export function decodedBySgLogs(page: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "sg-logs-"));
  try {
    const file = join(folder, "page.hex");
    writeFileSync(file, [...page].map((byte) => byte.toString(16).padStart(2, "0")).join(" "));
    const { stdout, stderr } = spawnSync("sg_logs", ["--pdt=1", `--in=${file}`], { encoding: "utf8", env });
    return (stdout + stderr).replaceAll(/[ \t]+/g, " ");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
