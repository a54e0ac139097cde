import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { campaignChecks, conformanceChecks, installationChecks, kernelChecks } from "./elsewhere.ts";
import { type Outcome, shellChecks } from "./shell.ts";
import { type Summary, summaryVariable } from "./summary.ts";

/** Longest time for one phase: a test that hangs must not keep the whole run from ending with a count. */
const phaseTimeoutMs = 25 * 60_000;

/** Names of test files, or parts of them: then nothing that takes minutes runs beside them. */
const filters = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "strongroom-checks-"));
try {
  process.exitCode = report([
    phase("types", () => single("tsc", ["--noEmit", "-p", "."])),
    phase("lint", () => single("eslint", ["."])),
    phase("tests", () => tests()),
    phase("shell", shellChecks),
    ...(filters.length > 0 ? [] : [phase("conformance", conformanceChecks), phase("campaign", campaignChecks), phase("installation", installationChecks), phase("kernel", kernelChecks)]),
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function phase(name: string, run: () => Outcome): Outcome {
  const outcome = run();
  const skipped = outcome.skipped.length === 0 ? "" : `, ${outcome.skipped.length} skipped`;
  console.log(`${name}: ${outcome.passed} ok, ${outcome.failed} not ok${skipped}`);
  return outcome;
}

/** A tool that either passes or does not counts as one test; what it says is shown only when it does not. */
function single(command: string, args: readonly string[]): Outcome {
  const result = spawnSync(command, args, { encoding: "utf8", timeout: phaseTimeoutMs, maxBuffer: 64 << 20 });
  if (result.status === 0) return { passed: 1, failed: 0, skipped: [] };
  console.log(`${result.stdout}${result.stderr}${result.error === undefined ? "" : result.error.message}`.trimEnd());
  return { passed: 0, failed: 1, skipped: [] };
}

function tests(): Outcome {
  const file = join(folder, "summary.json");
  const args = ["run", "--reporter=default", "--reporter=./tools/checks/reporter.ts", ...filters];
  const result = spawnSync("vitest", args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, [summaryVariable]: file },
    timeout: phaseTimeoutMs,
  });
  const summary = readSummary(file);
  if (summary === undefined) return { passed: 0, failed: 1, skipped: [] };
  // Vitest knows reasons to fail that are not tests, such as finding none; a red run never counts as green.
  return result.status === 0 || summary.failed > 0 ? summary : { ...summary, failed: 1 };
}

function readSummary(file: string): Summary | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Summary;
  } catch {
    return undefined;
  }
}

function report(outcomes: readonly Outcome[]): number {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  for (const test of skipped) console.log(`skipped: ${test}`);
  console.log(`${passed} passed, ${failed} failed${skipped.length === 0 ? "" : `, ${skipped.length} skipped`}`);
  return failed === 0 ? 0 : 1;
}
