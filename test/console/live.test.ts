import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/words/index.ts";
import { buildLine, openPseudoTerminal, type PseudoTerminal, type SeenTerminal, watch } from "../../tools/pseudo-terminal/index.ts";
import { makeStage, program } from "../../tools/robot/stage.ts";

/** A machine that has everything else to do as well. */
const patienceMs = 100_000;
/** Longer for figures worth writing down: CONSOLE_IDLE_MS. */
const idleMs = Number(process.env["CONSOLE_IDLE_MS"] ?? 2000);
const stage = makeStage();
let folder: string;
let line: string;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "strongroom-live-")));
  line = buildLine(folder);
  await stage.run(["appliance", "init", "--name", "vault"]);
});

afterAll(() => {
  stage.remove();
  rmSync(folder, { recursive: true, force: true });
});

function opened(script: string, bytesPerSecond: number): { readonly terminal: PseudoTerminal; readonly seen: SeenTerminal } {
  const environment = { ...process.env, TERM: "vt100", LANG: "C.UTF-8" };
  const terminal = openPseudoTerminal({ line, command: "sh", args: ["-c", script, "sh", program, stage.state], environment, columns: 80, rows: 24, bytesPerSecond });
  return { terminal, seen: watch(terminal, 80, 24) };
}

/** Of the process and its threads, in milliseconds. */
function cpuMs(processId: number): number {
  const fields = readFileSync(`/proc/${String(processId)}/stat`, "latin1").replace(/^.*\) /s, "").split(" ");
  // The kernel counts hundredths of a second for every program, whatever it counts in itself.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

describe("the program itself, on a real pseudo-terminal", () => {
  it("paints soon, and sends nothing and does next to nothing while nothing happens", async () => {
    const start = performance.now();
    const { terminal, seen } = opened('exec "$1" console --state "$2"', 0);
    expect(await seen.until(() => seen.lines()[0]!.includes("Strongroom"), patienceMs)).toBe(true);
    const [paintedMs, processId] = [performance.now() - start, await terminal.processId];
    const startCpuMs = cpuMs(processId);
    expect(await seen.until(() => seen.lines().some((text) => text.includes("make the keys")), patienceMs)).toBe(true);
    await systemClock.sleep(1500);
    const [before, sent] = [cpuMs(processId), terminal.carriedBytes];
    await systemClock.sleep(idleMs);
    const used = cpuMs(processId) - before;
    console.log(`first paint ${String(Math.round(paintedMs))} ms after the start, of which ${String(startCpuMs)} ms of processor; `
      + `idle for ${String(idleMs)} ms: ${((used * 100) / idleMs).toFixed(1)} % of a processor, ${String(terminal.carriedBytes - sent)} bytes sent`);
    expect(terminal.carriedBytes).toBe(sent);
    terminal.type("q");
    expect((await terminal.ended).code).toBe(0);
  }, patienceMs * 2);

  it("asks the line for its speed, and at 9600 baud shows what a key does within the bytes of a second", async () => {
    const { terminal, seen } = opened('stty 9600; exec "$1" console --state "$2"', 960);
    expect(await seen.until(() => seen.lines().some((text) => text.includes("make the keys")), patienceMs)).toBe(true);
    const costs: number[] = [];
    const steps = [["2", "no library yet"], ["6", "no pool yet"], ["?", "Keys in"], ["\x1b", "Keys in", "gone"], [":", "Enter runs it"]] as const;
    for (const [key, text, isGone] of steps) {
      // Keys while much of the last screen is still to come.
      const before = terminal.carriedBytes;
      terminal.type(key);
      // An Escape with a key at its heels would be another key.
      expect(await seen.until(() => seen.lines().some((shown) => shown.includes(text)) === (isGone === undefined), patienceMs)).toBe(true);
      costs.push(terminal.carriedBytes - before);
    }
    console.log(`at 9600 baud keys showed their effect after ${costs.join(", ")} bytes`);
    expect(Math.max(...costs)).toBeLessThanOrEqual(960);
    terminal.hangUp();
    await terminal.ended;
  }, patienceMs * 2);
});
