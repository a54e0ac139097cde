import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./shell.ts";

/** How these tools end where they cannot run at all; their first words with their name say why. */
const cannotRun = 77;

type Counts = Pick<Outcome, "passed" | "failed">;

/** A tool of its own that proves things for minutes. What it says goes to the screen at once, since somebody may be watching, and is judged at its end. */
function run(tool: string, timeoutMs: number, judge: (said: string) => Counts | undefined): Outcome {
  const log = join(tmpdir(), `strongroom-${tool}-${String(process.pid)}.log`);
  try {
    const script = '{ sh "tools/$2" 2>&1 || echo "exit $?"; } | tee "$1"; code=$(sed -n "s/^exit //p" "$1"); exit "${code:-0}"';
    const { status } = spawnSync("sh", ["-c", script, "sh", log, tool], { stdio: ["ignore", "inherit", "inherit"], timeout: timeoutMs });
    const said = readFileSync(log, "utf8");
    if (status === cannotRun) return { passed: 0, failed: 0, skipped: [new RegExp(`^${tool}: .*$`, "m").exec(said)?.[0] ?? `${tool}: no reason told`] };
    const judged = judge(said);
    if (judged === undefined) return { passed: 0, failed: 1, skipped: [] };
    if (status === 0 || judged.failed > 0) return { ...judged, skipped: [] };
    // It failed by something that it did not count.
    return { passed: Math.max(0, judged.passed - 1), failed: 1, skipped: [] };
  } finally {
    rmSync(log, { force: true });
  }
}

/** What only a real kernel can prove: one proof of tools/kernel-test counts as one test. */
export function kernelChecks(): Outcome {
  return run("kernel-test", 15 * 60_000, (said) => {
    const [, proofs, failed] = /^ +(\d+) proofs, (\d+) failed/m.exec(said) ?? [];
    return proofs === undefined || failed === undefined ? undefined : { passed: Number(proofs) - Number(failed), failed: Number(failed) };
  });
}

/** What suites of others say of the simulator: all rows of its tables together count as one test. */
export function conformanceChecks(): Outcome {
  return run("conformance", 10 * 60_000, () => ({ passed: 1, failed: 0 }));
}
