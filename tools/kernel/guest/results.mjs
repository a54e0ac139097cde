// Prints the results of a run of vitest as lines of proof. usage: node results.mjs FILE SUITE=DEVICE...
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const [, , file, ...names] = process.argv;
const devices = new Map(names.map((name) => name.split("=")));
const { testResults } = JSON.parse(readFileSync(file, "utf8"));
for (const { name, assertionResults, message } of testResults) {
  const device = devices.get(basename(name, ".suite.ts")) ?? name;
  if (assertionResults.length === 0) process.stdout.write(`FAILED\t${device}\t${message.replace(/\s+/g, " ")}\t-\n`);
  for (const { title, status, ancestorTitles } of assertionResults) {
    // A known defect is a test that has to fail: its title brings the reason.
    const [, what, defect] = /^(.*?)(?: \((known defect: .*)\))?$/.exec(title);
    process.stdout.write(`${status === "passed" ? "ok" : "FAILED"}\t${device}\t${ancestorTitles.at(-1).split(":")[0]}: ${what}\t${defect ?? "-"}\n`);
  }
}
