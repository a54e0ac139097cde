import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Started } from "../support/command-line.ts";
import { lastRecord, makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { differences, fraction, makeProofTree, seededBytes } from "../support/proof-tree.ts";
import { copyStates, snapshotFacts } from "../support/snapshot-facts.ts";

const rounds = 25;
const attempts = 6;
const seed = Number(process.env["STRONGROOM_SEED"] ?? (Date.now() % 1_000_000));
const random = seededBytes(seed + 1);
const runLine = ["archive", "run", "docs", "--json"];
/** What the run changes; everything else lies still. */
const parts = ["state", "lib", "usb1"] as const;

let appliance: ProofAppliance;
let undisturbed: ReturnType<typeof snapshotFacts>;
let runMs = 0;

beforeAll(async () => {
  console.log(`moments of death from STRONGROOM_SEED=${String(seed)}`);
  appliance = await makeProofAppliance({ cartridges: 8, capacityBytes: 3 * 1024 * 1024 });
  makeProofTree(appliance.at("source"), { files: 140, largeBytes: 1_350_000 });
  await appliance.must(["volume", "init", "USB00001", "--pool", "usb", "--folder", appliance.at("usb1")]);
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("source"), "--pool", "vault", "--pool", "usb", "--segment-size", "96KiB"]);
  for (const part of parts) cpSync(appliance.at(part), appliance.at("before", part), { recursive: true, preserveTimestamps: true });
  const began = performance.now();
  const { code, err } = await appliance.start(runLine).ended;
  runMs = performance.now() - began;
  expect(err).toBe("");
  expect(code).toBe(0);
  undisturbed = snapshotFacts(appliance, "docs", 1);
  const tapes = appliance.records(({ inventory }) => inventory.volumesOfPool("vault").length);
  expect(tapes).toBeGreaterThanOrEqual(3);
  expect(undisturbed.segments.length).toBeGreaterThan(20);
}, 120_000);

afterAll(() => { appliance.remove(); });

function startOver(): void {
  for (const part of [...parts, "back"]) rmSync(appliance.at(part), { recursive: true, force: true });
  for (const part of parts) cpSync(appliance.at("before", part), appliance.at(part), { recursive: true, preserveTimestamps: true });
}

const holds = (folder: string, ending: string) => (): boolean =>
  existsSync(appliance.at(folder)) && readdirSync(appliance.at(folder)).some((name) => name.endsWith(ending));

/** Stages that a moment by the clock alone might never hit, each known by what it leaves on disk. */
const stages: readonly (readonly [name: string, isThere: (run: Started) => boolean])[] = [
  ["walking", holds("state/jobs", ".plan.tmp")],
  ["planned", holds("state/jobs", ".plan")],
  ["sealing", holds("state/spool", ".tmp")],
  ["placing", holds("usb1", "000001-segment.pgp")],
  ["on the second tape", () => holds("state/sessions", ".pgp")()],
  ["writing a trailer", holds("state/sessions", ".tmp")],
  ["closing the folder", () => holds("usb1", "-trailer.tar")()],
  ["verifying", ({ soFar }) => soFar().out.includes('"verifying"')],
];

/** Kills a run at a moment of its own. One that ended before its moment proves nothing: another is drawn, earlier each time. */
async function killOne(round: number): Promise<string> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    startOver();
    const { died, moment } = await killAt(round, attempt);
    if (died && !isComplete()) return moment;
  }
  throw new Error(`${String(attempts)} runs in a row ended before they could be killed`);
}

/** Kills the run when a stage is reached and a little later, or at a time of the run. Gives false when it ended before. */
async function killAt(round: number, attempt: number): Promise<{ readonly died: boolean; readonly moment: string }> {
  const run = appliance.start(runLine);
  let hasEnded = false;
  void run.ended.then(() => { hasEnded = true; });
  const isOver = (): boolean => hasEnded;
  const stage = round % 3 === 0 && attempt === 0 ? stages[(round / 3) % stages.length] : undefined;
  let moment: string;
  if (stage) {
    while (!isOver() && !stage[1](run)) await wait(1);
    const laterMs = fraction(random) * 30;
    await wait(laterMs);
    moment = `${stage[0]} + ${laterMs.toFixed(1)} ms`;
  } else {
    // The measured run was the first and slowest: later ones end sooner.
    const afterMs = 0.7 * runMs * ((round + fraction(random)) / rounds) * (1 - attempt / attempts);
    await Promise.race([wait(afterMs), run.ended]);
    moment = `${afterMs.toFixed(0)} of ${runMs.toFixed(0)} ms`;
  }
  run.child.kill("SIGKILL");
  const { signal } = await run.ended;
  return { died: signal === "SIGKILL", moment };
}

/** Whether the snapshot was recorded as complete: what remains of a run then is to say so. */
function isComplete(): boolean {
  return appliance.records(({ catalog }) => catalog.snapshots(catalog.archive("docs")!).some(({ state }) => state === "complete"));
}

/** What a killed run has left to build on. */
function left(): { readonly recorded: number; readonly whole: number } {
  return appliance.records(({ catalog }) => {
    const snapshot = catalog.snapshots(catalog.archive("docs")!).find(({ state }) => state === "open");
    const segments = snapshot ? catalog.segments(snapshot) : [];
    const spooled = existsSync(appliance.at("state", "spool")) ? readdirSync(appliance.at("state", "spool")) : [];
    const whole = segments.filter(({ id, facts }) => !facts && spooled.some((name) => name === `${String(id).padStart(10, "0")}.pgp`));
    return { recorded: segments.filter(({ facts }) => facts !== undefined).length, whole: whole.length };
  });
}

describe("an archive run that is killed", () => {
  for (let round = 0; round < rounds; round += 1) {
    it(`goes on with the same command, moment ${String(round + 1)} of ${String(rounds)}`, async () => {
      const moment = await killOne(round);
      const before = left();
      const again = await appliance.start(runLine).ended;
      const told = `${moment}: ${String(before.recorded)} recorded, ${String(before.whole)} whole in the spool; ${again.err}${again.out}`;
      expect(again.code, told).toBe(0);
      const summary = lastRecord(again.out);
      expect(snapshotFacts(appliance, "docs", 1), told).toEqual(undisturbed);
      expect(summary["segments_taken_over"], told).toBe(before.whole);
      expect(summary["segments_sealed"], told).toBe(undisturbed.segments.length - before.recorded - before.whole);
      const all = { verified: undisturbed.segments.length };
      expect(copyStates(appliance, "docs", 1), told).toEqual({ vault: all, usb: all });
      expect(readdirSync(appliance.at("state", "spool")), told).toEqual([]);
      // Equal rows over verified copies give equal trees; every second time that is shown as well.
      if (round % 2 === 0) {
        await appliance.restore("docs", appliance.at("back"));
        expect(differences(appliance.at("source"), appliance.at("back")), told).toBe("");
      }
      if (round % 5 === 4) await everyVolumeIsWhole();
    }, 60_000);
  }
});

async function everyVolumeIsWhole(): Promise<void> {
  const volumes = appliance.records(({ inventory }) => [...inventory.volumesOfPool("vault"), ...inventory.volumesOfPool("usb")]);
  for (const { barcode } of volumes) {
    const { findings } = await appliance.json(["volume", "verify", barcode]);
    expect(findings, barcode).toEqual([]);
  }
}

describe("a job that is told to stop", () => {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    it(`${signal} stops an archive run at a safe point with exit code ${String(code)}, and the same command goes on`, async () => {
      startOver();
      const run = appliance.start(runLine);
      while (!holds("usb1", "000001-segment.pgp")()) await wait(1);
      run.child.kill(signal);
      const stopped = await run.ended;
      expect(stopped.code, stopped.err).toBe(code);
      expect(stopped.err).toContain("stopping at a safe point");
      expect(stopped.err + stopped.out).toContain("the same command goes on from here");
      expect(readdirSync(appliance.at("state", "spool")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      const before = left();
      const again = await appliance.start(runLine).ended;
      expect(again.code, again.err + again.out).toBe(0);
      expect(lastRecord(again.out)["segments_sealed"]).toBe(undisturbed.segments.length - before.recorded - before.whole);
      expect(snapshotFacts(appliance, "docs", 1)).toEqual(undisturbed);
    });
  }
});

describe("a restore that is killed", () => {
  it("is done by the same command, and leaves no half file under a name of the tree", async () => {
    startOver();
    await appliance.must(["archive", "run", "docs"]);
    const line = ["file", "restore", "docs", "--to", appliance.at("back"), ...appliance.keyOptions, "--owners", "by-number"];
    for (const fill of [1, 40, 150]) {
      rmSync(appliance.at("back"), { recursive: true, force: true });
      const killed = appliance.start(line);
      while (!existsSync(appliance.at("back")) || readdirSync(appliance.at("back"), { recursive: true }).length < fill) await wait(1);
      killed.child.kill("SIGKILL");
      expect((await killed.ended).signal).toBe("SIGKILL");
      const again = await appliance.start([...line, "--when-exists", "replace"]).ended;
      expect(again.code, again.err).toBe(0);
      const extra = differences(appliance.at("source"), appliance.at("back")).split("\n").filter((line) => line !== "");
      // What the killed one had begun bears a name that says so; nothing half-done has a name of the tree.
      expect(extra.filter((line) => !/^\*deleting +(?:.*\/)?\.strongroom-[0-9a-f-]{36}-\d+$|^\.d\.\.t/.test(line))).toEqual([]);
      expect(extra.length).toBeLessThanOrEqual(4);
      expect(readdirSync(appliance.at("state", "spool"))).toEqual([]);
    }
  });
});
