import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CaseResult, FromWorker, ToWorker } from "./frame/contract.ts";

/* A worker whose cases end in every way there is, for the test of those who watch it. */
const say = (message: FromWorker): void => { process.send!(message); };

const cases: Readonly<Record<string, () => CaseResult>> = {
  "odd/well": () => {
    const { pid } = spawn("sleep", ["600"], { stdio: "ignore" });
    return { ending: "ok", told: JSON.stringify({ path: mkdtempSync(join(tmpdir(), "left-")), pid }) };
  },
  "odd/wrong": () => ({ ending: "silent loss", told: "something is gone" }),
  "odd/loop": () => { for (;;); },
  "odd/exit": () => process.exit(0),
  "odd/error": () => { throw new Error("a mistake in the case"); },
  "odd/memory": () => {
    const held: string[][] = [];
    for (;;) held.push(Array.from({ length: 10_000 }, (_, at) => String(at)));
  },
};

process.on("message", ({ run }: ToWorker) => { say({ kind: "ended", id: run, result: cases[run]!() }); });
process.on("disconnect", () => { process.exit(0); });
say({ kind: "open", cases: Object.keys(cases).map((id) => ({ id, row: "odd" })) });
