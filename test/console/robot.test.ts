import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildLine } from "../../tools/pseudo-terminal/index.ts";
import { type ConsoleKind, exchangeByScanning, play, type Scenario, scenarios, storyOf } from "../../tools/robot/index.ts";

/** A machine that has everything else to do as well. */
const patienceMs = 100_000;
const mostMs = 300_000;
let folder: string;
let line: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "strongroom-robot-")));
  line = buildLine(folder);
});

afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

async function played(scenario: Scenario, kind: ConsoleKind, wishes: { readonly patienceMs?: number } = {}): Promise<readonly string[]> {
  const told: string[] = [];
  await play(scenario, { line, kind, patienceMs, pauseMs: 0, tell: (text) => told.push(text), ...wishes });
  return told;
}

const named = (name: string): Scenario => scenarios.find((one) => one.name === name)!;

// The short form: each flow once, on one of both consoles. The tool plays all of them on both.
describe("an operator", () => {
  it("has a first day (screen)", async () => {
    expect((await played(named("first-day"), "screen")).length).toBeGreaterThan(5);
  }, mostMs);

  it("exchanges cartridges by scanning, more than there are mail slots (screen)", async () => {
    await played(exchangeByScanning({ cartridges: 4, mailSlots: 2 }), "screen");
  }, mostMs);

  it("gets a file back from the shelf (plain)", async () => {
    await played(named("restore-from-shelf"), "plain");
  }, mostMs);

  it("finds the job going on when the console was killed (screen)", async () => {
    await played(named("killed-console"), "screen");
  }, mostMs);
});

describe("the robot", () => {
  it("says which step failed and what was in front of the operator", async () => {
    const { prepare } = named("load-and-unload");
    const wrong: Scenario = { name: "wrong", what: "", prepare, steps: () => [{ kind: "see", view: "Library", row: "drive 0 empty", texts: ["a text that is nowhere"] }] };
    const failure: unknown = await played(wrong, "screen", { patienceMs: 8000 }).catch((error: unknown) => error);
    const text = failure instanceof Error ? failure.message : "";
    expect(text).toContain("wrong (screen), step 1, see a text that is nowhere in Library");
    expect(text).toContain("  |  1 Today  2 Library");
  }, mostMs);

  it("has a name and a story for every scenario and step", () => {
    const stage = { folder: "/f", state: "/f/state", library: "/f/vtl", passphrase: "p", run: () => Promise.resolve(""), carry: () => Promise.resolve() };
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    for (const { name, what, steps } of scenarios) {
      expect([name, what].every((text) => text !== "")).toBe(true);
      expect(steps(stage).map(storyOf).every((story) => story !== "")).toBe(true);
    }
  });
});
