import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import { type Summary, summaryVariable } from "./summary.ts";

/** Counts what ran, and keeps why something did not: vitest's own summary tells how many were skipped, not why. Vitest constructs it. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      // A file that does not even load has no tests to count, yet it is a failure.
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") passed += 1;
        else if (result.state === "failed") failed += 1;
        else skipped.push(`${module.relativeModuleId}: ${test.fullName}${reason(result)}`);
      }
    }
    const file = process.env[summaryVariable];
    if (file !== undefined) writeFileSync(file, JSON.stringify({ passed, failed, skipped } satisfies Summary));
  }
}

function reason(result: object): string {
  return "note" in result && typeof result.note === "string" ? ` (${result.note})` : "";
}
