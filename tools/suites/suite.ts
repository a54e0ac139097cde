import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { rowsOf, type UnitKind } from "./rows.ts";

export interface Count {
  passed: number;
  skipped: number;
  failed: number;
}

export interface SuiteResult {
  /** By name of the suite, in the order in which they ran. */
  readonly rows: ReadonlyMap<string, Count>;
  /** `Suite.Test`, and why. */
  readonly skipped: ReadonlyMap<string, string>;
  readonly failed: readonly string[];
  /** It came to its end. */
  readonly isWhole: boolean;
}

export interface SuiteRun {
  readonly kind: UnitKind;
  /** `iscsi://127.0.0.1:3260/iqn.../1` */
  readonly url: string;
  /** Loaded before the suite where the unit is no disk. */
  readonly disguise: string;
  readonly logFile: string;
}

/** Longer than any suite takes: what hangs is a failure. */
const limitMs = 90_000;

/** Runs iscsi-test-cu on a unit; a disk is reached over two paths, so that the tests of several paths run too. */
export async function runSuite({ kind, url, disguise, logFile }: SuiteRun): Promise<SuiteResult> {
  const tests = rowsOf[kind]?.flatMap((row) => row.tests) ?? ["ALL"];
  const args = ["--dataloss", "--test", tests.join(","), url, ...(kind === "disk" ? [url] : [])];
  const env = { PATH: process.env["PATH"], ...(kind === "disk" ? {} : { LD_PRELOAD: disguise }) };
  const child = spawn("iscsi-test-cu", args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: limitMs, killSignal: "SIGKILL" });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => { parts.push(part); });
  await new Promise((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", reject);
  });
  const output = Buffer.concat(parts).toString("latin1");
  writeFileSync(logFile, output);
  return parseResult(output);
}

/** A test that was skipped says so before it says that it passed. What is said behind that, or between two tests, is of no test. */
export function parseResult(output: string): SuiteResult {
  const rows = new Map<string, Count>();
  const skipped = new Map<string, string>();
  const failed: string[] = [];
  let [suite, test] = ["", ""];
  let reason: string | undefined;
  for (const line of output.split("\n")) {
    suite = /^Suite: (\S+)/.exec(line)?.[1] ?? suite;
    const started = /^ {2}Test: (\S+) \.\.\./.exec(line)?.[1];
    if (started !== undefined) [test, reason] = [started, undefined];
    if (test === "") continue;
    const end = /(?:^|\.\.\.)(passed|FAILED)(?:$| {4}\[)/.exec(line)?.[1];
    if (end === undefined) reason ??= /\[SKIPPED\] *(.*)/.exec(line)?.[1];
    if (end === undefined) continue;
    const count = rows.get(suite) ?? { passed: 0, skipped: 0, failed: 0 };
    rows.set(suite, count);
    const name = `${suite}.${test}`;
    if (end === "FAILED") {
      count.failed += 1;
      failed.push(name);
    } else if (reason === undefined) count.passed += 1;
    else {
      count.skipped += 1;
      skipped.set(name, reason);
    }
    test = "";
  }
  return { rows, skipped, failed, isWhole: output.includes("Run Summary:") };
}
