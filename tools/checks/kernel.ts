import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./shell.ts";

/** tools/kernel-test ends its guest long before. */
const timeoutMs = 15 * 60_000;
/** How tools/kernel-test ends where it cannot run at all; its last words say why. */
const cannotRun = 77;

/** What only a real kernel can prove: one proof of tools/kernel-test counts as one test. */
export function kernelChecks(): Outcome {
  const log = join(tmpdir(), `strongroom-kernel-${String(process.pid)}.log`);
  try {
    // Through a file and to the screen at once: it takes minutes, and somebody may be watching.
    const script = '{ sh tools/kernel-test 2>&1 || echo "exit $?"; } | tee "$1"; code=$(sed -n "s/^exit //p" "$1"); exit "${code:-0}"';
    const { status } = spawnSync("sh", ["-c", script, "sh", log], { stdio: ["ignore", "inherit", "inherit"], timeout: timeoutMs });
    const said = readFileSync(log, "utf8");
    if (status === cannotRun) return { passed: 0, failed: 0, skipped: [/^kernel-test: .*$/m.exec(said)?.[0] ?? "kernel-test: no reason told"] };
    const [, proofs, failed] = /^ +(\d+) proofs, (\d+) failed/m.exec(said) ?? [];
    if (proofs === undefined || failed === undefined) return { passed: 0, failed: 1, skipped: [] };
    const notOk = Math.max(Number(failed), status === 0 ? 0 : 1);
    return { passed: Number(proofs) - Number(failed), failed: notOk, skipped: [] };
  } finally {
    rmSync(log, { force: true });
  }
}
