import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./shell.ts";

/** How these tools end where they cannot run at all; their first words with their name say why. */
const cannotRun = 77;

type Counts = Pick<Outcome, "passed" | "failed">;

/** A tool of its own that proves things for minutes. What it says goes to the screen at once, since somebody may be watching, and is judged at its end. */
function run(tool: string, timeoutMs: number, judge: (said: string) => Counts | undefined, options: readonly string[] = []): Outcome {
  const log = join(tmpdir(), `strongroom-${tool}-${String(process.pid)}.log`);
  try {
    const script = 'log=$1; shift; { sh "$@" 2>&1 || echo "exit $?"; } | tee "$log"; code=$(sed -n "s/^exit //p" "$log"); exit "${code:-0}"';
    const { status } = spawnSync("sh", ["-c", script, "sh", log, `tools/${tool}`, ...options], { stdio: ["ignore", "inherit", "inherit"], timeout: timeoutMs });
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

/** Installation, upgrade and removal, in a Debian of their own. */
export function installationChecks(): Outcome {
  return run("install-test", 10 * 60_000, proofsOf);
}

function proofsOf(said: string): Counts | undefined {
  const [, proofs, failed] = /^ +(\d+) proofs, (\d+) failed/m.exec(said) ?? [];
  return proofs === undefined || failed === undefined ? undefined : { passed: Number(proofs) - Number(failed), failed: Number(failed) };
}

/** What only a real kernel can prove: one proof of tools/kernel-test counts as one test. */
export function kernelChecks(): Outcome {
  return run("kernel-test", 15 * 60_000, proofsOf);
}

/** What suites of others say of the simulator: all rows of its tables together count as one test. */
export function conformanceChecks(): Outcome {
  return run("conformance", 10 * 60_000, () => ({ passed: 1, failed: 0 }));
}

/** The short form of the campaign, always in the same order: each of its families counts as one test. */
export function campaignChecks(): Outcome {
  return run("campaign", 15 * 60_000, (said) => {
    // The last line of each family's table: ok, not met, and then the columns that must be empty.
    const sums = [...said.matchAll(/^\| all +\|(.*)\|$/gm)].map(([, cells = ""]) => cells.split("|").map(Number));
    const passed = sums.filter(([ok = 0, , ...bad]) => ok > 0 && bad.every((count) => count === 0)).length;
    return sums.length === 0 ? undefined : { passed, failed: sums.length - passed };
  }, ["--seconds", "60", "--seed", "1"]);
}
