import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { CaseResult } from "../frame/contract.ts";
import { differences } from "../../support/proof-tree.ts";
import { copyStates } from "../../support/snapshot-facts.ts";
import { archive, type DiskJob, type DiskStep, pools } from "./job.ts";

const triesAtMost = 4;
const internalCode = 70;
/** Done, with a warning that says what a person should know. */
const warnedCode = 3;
const findingsCode = 7;
/** Requests that cannot be met because what they ask for is there already: fine when they are made again. */
const thereAlready = /\[(?:[A-Z]+_EXISTS|[A-Z_]*ALREADY[A-Z_]*|STATE_NOT_EMPTY|KEYS_EXIST)\]|a second [a-z]+ is called/;

export interface Said {
  readonly code: number | null;
  readonly err: string;
}

/** What is wrong with how a command ended; undefined where a person knows what happened and what to do. */
export function unclear({ code, err }: Said): CaseResult | undefined {
  if (code === 0 || code === warnedCode) return undefined;
  if (code === null || code === internalCode) return { ending: "crash", told: `exit code ${String(code)}: ${err}` };
  const hasCode = (line: string): boolean => /\[[A-Z][A-Z0-9_]+\]/.test(line);
  if (hasCode(err) && err.includes("hint: ")) return undefined;
  // Findings say in their own sentence what to do about each.
  if (code === findingsCode && err.trim().split("\n").every(hasCode)) return undefined;
  return { ending: "unclear ending", told: `exit code ${String(code)} without a code or a hint: ${err}` };
}

export function isDone({ isWholeOrNothing }: DiskStep, code: number | null): boolean {
  return code === 0 || (code === warnedCode && isWholeOrNothing !== true);
}

/** Goes on from step number `from` as an operator does: the same command until it is done, then the next ones. Then everything is looked at. */
export async function finish(job: DiskJob, from: number): Promise<CaseResult> {
  const told: string[] = [];
  for (const step of job.steps.slice(from)) {
    const wrong = await untilDone(job, step, told);
    if (wrong !== undefined) return { ...wrong, told: `${step.name}: ${wrong.told}\n${told.join("\n")}` };
  }
  const wrong = await look(job);
  return wrong === undefined ? { ending: "ok", told: told.join("\n") } : { ...wrong, told: `${wrong.told}\n${told.join("\n")}` };
}

async function untilDone(job: DiskJob, step: DiskStep, told: string[]): Promise<CaseResult | undefined> {
  let again: readonly string[] | undefined;
  for (let tries = 1; tries <= triesAtMost; tries += 1) {
    const { line } = step;
    const { code, err } = await job.appliance.run(again ?? line);
    if (isDone(step, code)) return undefined;
    told.push(`${line.slice(0, 3).join(" ")}: ${err.trim()}`);
    const wrong = unclear({ code, err });
    if (wrong !== undefined) return wrong;
    // What lies on the volume of a volume init that was interrupted: the text says how to write over it.
    const overwrite = /--overwrite ([A-Z0-9]+)/.exec(err)?.[1];
    if (line[1] === "init" && overwrite !== undefined) again = [...line, "--overwrite", overwrite];
    if (err.includes("[EXPORT_EXISTS]")) job.emptyKeysFolder();
    else if (thereAlready.test(err)) return undefined;
    if (err.includes("[POOL_NEEDS_CARTRIDGE]")) {
      for (const pool of pools) if (err.includes(`pool ${pool}`)) await job.appliance.run(job.spareVolume(pool));
    }
  }
  return { ending: "unclear ending", told: `not done after ${String(triesAtMost)} tries` };
}

/** Two complete snapshots, each segment on a volume of each pool as the records say, and the newest tree restored as it is. */
async function look({ appliance, source, target, keptPart, keptTarget }: DiskJob): Promise<CaseResult | undefined> {
  const snapshots = appliance.records(({ catalog }) => catalog.snapshots(catalog.archive(archive)!));
  const complete = snapshots.filter(({ state }) => state === "complete");
  if (complete.length < 2) return { ending: "silent loss", told: `not two snapshots are complete: ${snapshots.map(({ number, state }) => `${String(number)} ${state}`).join(", ")}` };
  const barcodes = appliance.records(({ inventory }) => pools.flatMap((pool) => inventory.volumesOfPool(pool)).filter(({ state }) => state !== "retired")).map(({ barcode }) => barcode);
  for (const barcode of barcodes) {
    const { code, out, err } = await appliance.run(["volume", "verify", barcode]);
    if (code !== 0) return { ending: "false ok", told: `${barcode} is not as recorded: ${out}${err}` };
  }
  for (const { number } of complete) {
    const states = copyStates(appliance, archive, number);
    const isWhole = pools.every((pool) => (states[pool]?.["verified"] ?? 0) > 0 && states[pool]?.["missing"] === undefined);
    if (!isWhole) return { ending: "false ok", told: `copies of snapshot ${String(number)}: ${JSON.stringify(states)}` };
  }
  rmSync(target, { recursive: true, force: true });
  const { code, out, err } = await appliance.run(["file", "restore", archive, "--to", target, ...appliance.keyOptions, "--owners", "by-number"]);
  if (code !== 0) return { ending: "silent loss", told: `the restore fails: ${out}${err}` };
  const lost = differences(source, target).split("\n").filter((line) => /^[>*]/.test(line));
  if (lost.length > 0) return { ending: "silent loss", told: lost.join("\n") };
  return isKept(keptPart, join(keptTarget, basename(keptPart))) ? undefined : { ending: "silent loss", told: "what was restored before is not as it was archived" };
}

/** By content: what a power cut leaves of links is not modelled. */
function isKept(part: string, restored: string): boolean {
  return readdirSync(part).every((name) => existsSync(join(restored, name)) && readFileSync(join(part, name)).equals(readFileSync(join(restored, name))));
}
