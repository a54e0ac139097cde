import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { CampaignCase, CaseResult, Family } from "../frame/contract.ts";
import { makeProofAppliance, type ProofAppliance, proofPassphrase } from "../../support/proof-appliance.ts";
import { differences, makeProofTree } from "../../support/proof-tree.ts";
import { lightenKey } from "../light-key.ts";
import { type Death, type DeathWish, startAndKill } from "./child.ts";
import { recordedCopies, unkept, untrueOf } from "./judge.ts";

const parts = ["state", "lib", "usb1"] as const;
const moments = 1000;
const threadSteps = 12;
const triesAtMost = 3;
const momentsTriedAtMost = 4;
const earlier = 0.7;
const commands = ["run", "verify", "restore"] as const;
type Command = (typeof commands)[number];

/** The state before the first run, and after it. */
interface Reference {
  readonly appliance: ProofAppliance;
  readonly barcode: string;
  /** How long each command takes, and how many steps its main thread makes. */
  readonly measured: Readonly<Record<Command, { readonly ms: number; readonly steps: number }>>;
}

export const killsFamily: Family = {
  name: "kills",
  about: "the process killed at each step it leaves on the disk, at moments of the clock, and threads that die",
  boundMs: 120_000,
  heapMegabytes: 1024,
  open: async () => {
    const reference = await makeReference();
    const wishes = new Map<string, readonly [Command, DeathWish]>();
    const cases: CampaignCase[] = [];
    const add = (command: Command, kind: string, number: number, wish: DeathWish): void => {
      const id = `kills/${command}/${kind}/${String(number).padStart(4, "0")}`;
      cases.push({ id, row: `${command} ${kind}` });
      wishes.set(id, [command, wish]);
    };
    for (const command of commands) {
      const { ms, steps } = reference.measured[command];
      for (let step = 1; step <= steps; step += 1) add(command, "step", step, { order: `main ${String(step)} process` });
      for (let moment = 1; moment <= moments; moment += 1) add(command, "moment", moment, { afterMs: (ms * moment) / moments });
    }
    for (let step = 1; step <= threadSteps; step += 1) {
      add("run", "thread-step", step, { order: `threads ${String(step)} process` });
      add("run", "thread-death", step, { order: `threads ${String(step)} thread` });
    }
    return { cases, run: async (id) => await killOne(reference, ...wishes.get(id)!), close: () => Promise.resolve() };
  },
};

async function makeReference(): Promise<Reference> {
  const appliance = await makeProofAppliance({ cartridges: 6, capacityBytes: 3 * 1024 * 1024 }, "campaign");
  await lightenKey(appliance.at("keys", "operations-private-key.asc"), proofPassphrase);
  makeProofTree(appliance.at("source"), { files: 60, largeBytes: 900_000 });
  await appliance.must(["volume", "init", "USB00001", "--pool", "usb", "--folder", appliance.at("usb1")]);
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("source"), "--pool", "vault", "--pool", "usb", "--segment-size", "128KiB"]);
  keep(appliance, "before");
  const barcodeOf = (): string => appliance.records(({ inventory }) => inventory.volumesOfPool("vault")[0]!.barcode);
  const run = await measure(appliance, lineOf(appliance, "run", ""));
  const barcode = barcodeOf();
  keep(appliance, "after");
  const verify = await measure(appliance, lineOf(appliance, "verify", barcode));
  const restore = await measure(appliance, lineOf(appliance, "restore", ""));
  return { appliance, barcode, measured: { run, verify, restore } };
}

function keep(appliance: ProofAppliance, as: string): void {
  for (const part of parts) cpSync(appliance.at(part), appliance.at(as, part), { recursive: true, preserveTimestamps: true });
}

function startOver(appliance: ProofAppliance, from: string): void {
  for (const part of [...parts, "back"]) rmSync(appliance.at(part), { recursive: true, force: true });
  for (const part of parts) cpSync(appliance.at(from, part), appliance.at(part), { recursive: true, preserveTimestamps: true });
}

function lineOf(appliance: ProofAppliance, command: Command, barcode: string): readonly string[] {
  if (command === "run") return ["archive", "run", "docs"];
  if (command === "verify") return ["volume", "verify", barcode];
  return ["file", "restore", "docs", "--to", appliance.at("back"), ...appliance.keyOptions, "--owners", "by-number", "--when-exists", "replace"];
}

async function measure(appliance: ProofAppliance, line: readonly string[]): Promise<{ readonly ms: number; readonly steps: number }> {
  const countFile = appliance.at("steps");
  const began = performance.now();
  const { code, said } = await startAndKill(["--state", appliance.at("state"), ...line], { countFile });
  if (code !== 0) throw new Error(`${line.join(" ")} fails undisturbed: ${said}`);
  return { ms: performance.now() - began, steps: Number(readFileSync(countFile, "utf8")) };
}

/** A machine that was busier when the command was measured is faster now: a moment that came too late is tried again, earlier. */
async function killedAsWished(appliance: ProofAppliance, command: Command, line: readonly string[], wish: DeathWish): Promise<Death> {
  for (let tries = 1, { afterMs } = wish; ; tries += 1) {
    startOver(appliance, command === "run" ? "before" : "after");
    const death = await startAndKill(["--state", appliance.at("state"), ...line], afterMs === undefined ? wish : { afterMs });
    if (death.wasKilled || death.code !== 0 || afterMs === undefined || tries >= momentsTriedAtMost) return death;
    afterMs *= earlier;
  }
}

async function killOne(reference: Reference, command: Command, wish: DeathWish): Promise<CaseResult> {
  const { appliance, barcode } = reference;
  const line = lineOf(appliance, command, barcode);
  const first = await killedAsWished(appliance, command, line, wish);
  if (!first.wasKilled && first.code === 70) return { ending: "crash", told: first.said };
  const again = await untilDone(appliance, line);
  if (again.ending !== "ok") return { ...again, told: `${again.told}\nbefore: ${first.said}` };
  const wrong = await look(reference, command, first.said + again.told);
  if (wrong !== undefined) return wrong;
  const isMet = first.wasKilled || first.code !== 0;
  return { ending: isMet ? "ok" : "not met", told: isMet ? `ended, then: ${again.told}` : "it had come to its end before" };
}

/** The same command again, as its text says, until it is done. */
async function untilDone(appliance: ProofAppliance, line: readonly string[]): Promise<CaseResult> {
  let said = "";
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const { code, out, err } = await appliance.run(line);
    said += out + err;
    if (code === 0) return { ending: "ok", told: said };
    if (code === 70) return { ending: "crash", told: said };
    if (!/\[[A-Z][A-Z0-9_]+\]/.test(err) || !err.includes("hint: ")) return { ending: "unclear ending", told: `exit code ${String(code)} without code or hint: ${said}` };
  }
  return { ending: "unclear ending", told: `not done after ${String(triesAtMost)} tries: ${said}` };
}

/** Every copy is verified and is where the records say, the tree comes back whole, and nothing is left in the spool. */
async function look({ appliance }: Reference, command: Command, told: string): Promise<CaseResult | undefined> {
  const spool = readdirSync(appliance.at("state", "spool"));
  if (spool.length > 0) return { ending: "unclear ending", told: `left in the spool: ${spool.join(", ")}\n${told}` };
  const before = recordedCopies(appliance, "docs", 1);
  const wrong = unkept(before, ["vault", "usb"]);
  if (wrong.length > 0) return { ending: "false ok", told: `${wrong.join("\n")}\n${told}` };
  const volumes = appliance.records(({ inventory }) => [...inventory.volumesOfPool("vault"), ...inventory.volumesOfPool("usb")]);
  for (const { barcode } of volumes.filter(({ state }) => state !== "retired")) {
    const { code, out, err } = await appliance.run(["volume", "verify", barcode]);
    const untrue = untrueOf(barcode, code, before, recordedCopies(appliance, "docs", 1));
    if (untrue.length > 0) return { ending: "false ok", told: `${untrue.join("\n")}\n${out}${err}\n${told}` };
  }
  if (command !== "restore") {
    const { code, out, err } = await appliance.run(lineOf(appliance, "restore", ""));
    if (code !== 0) return { ending: "unclear ending", told: `the restore fails: ${out}${err}\n${told}` };
  }
  const lost = differences(appliance.at("source"), appliance.at("back")).split("\n").filter((one) => /^[>*]/.test(one) && !/\.strongroom-[0-9a-f-]{36}-\d+$/.test(one));
  return lost.length === 0 ? undefined : { ending: "silent loss", told: `${lost.join("\n")}\n${told}` };
}
