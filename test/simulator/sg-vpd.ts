import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./initiator.ts";

const env = { PATH: "/usr/bin:/usr/local/bin:/bin" };

export const hasSgVpd = spawnSync("sg_vpd", ["--version"], { env }).error === undefined;

/** What sg3-utils, which is not ours, makes of a page of vital product data. */
export function decodedBySgVpd(page: Uint8Array): string {
  const file = join(temporaryFolder(), "page.hex");
  writeFileSync(file, [...page].map((byte) => byte.toString(16).padStart(2, "0")).join(" "));
  const { stdout, stderr } = spawnSync("sg_vpd", [`--inhex=${file}`], { encoding: "utf8", env });
  return stdout + stderr;
}
