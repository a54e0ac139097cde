import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildLine } from "../pseudo-terminal/index.ts";
import { type ConsoleKind, consoleKinds, play } from "./play.ts";
import { scenarios } from "./scenarios/index.ts";
import { columns, rows } from "./terminal.ts";

const usage = "usage: tools/console-robot [SCENARIO...] [--plain | --screen] [--slow] [--patience SECONDS] [--list]";
const patienceSeconds = 120;
const slowPauseMs = 120;

interface Wish {
  readonly names: readonly string[];
  readonly kinds: readonly ConsoleKind[];
  readonly isSlow: boolean;
  readonly patienceMs: number;
  readonly wantsList: boolean;
}

/** Undefined for what cannot be understood. */
function wishOf(argv: readonly string[]): Wish | undefined {
  try {
    const options = { plain: { type: "boolean" }, screen: { type: "boolean" }, slow: { type: "boolean" }, list: { type: "boolean" }, patience: { type: "string" } } as const;
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    if (positionals.some((name) => scenarios.every((one) => one.name !== name))) return undefined;
    const patienceMs = 1000 * Number(values.patience ?? patienceSeconds);
    if (!(patienceMs > 0)) return undefined;
    const kinds = consoleKinds.filter((kind) => values[kind] === true);
    return { names: positionals, kinds: kinds.length === 0 ? consoleKinds : kinds, isSlow: values.slow === true, patienceMs, wantsList: values.list === true };
  } catch {
    return undefined;
  }
}

/** Below what the console draws, if the terminal has room there. */
function narrate(text: string): void {
  if (!process.stdout.isTTY || process.stdout.rows <= rows) return;
  process.stdout.write(`\x1b7\x1b[${String(rows + 1)};1H\x1b[2K\x1b[7m ${text.slice(0, columns - 2)} \x1b[0m\x1b8`);
}

async function playAll({ names, kinds, isSlow, patienceMs }: Wish): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "console-robot-"));
  const chosen = scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
  const seat = { line: buildLine(folder), patienceMs, pauseMs: isSlow ? slowPauseMs : 0 };
  const shown = isSlow ? { onlooker: (chunk: Uint8Array) => { process.stdout.write(chunk); } } : {};
  let failed = 0;
  try {
    for (const scenario of chosen) {
      for (const kind of kinds) {
        const startedMs = performance.now();
        const tell = isSlow ? narrate : (): undefined => undefined;
        const failure = await play(scenario, { ...seat, ...shown, kind, tell }).then(() => undefined, (error: unknown) => (error instanceof Error ? error.message : "?"));
        if (failure !== undefined) failed += 1;
        const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
        console.log(`${failure === undefined ? "ok    " : "FAILED"} ${kind.padEnd(7)}${scenario.name.padEnd(20)}${seconds.padStart(7)} s  ${scenario.what}`);
        if (failure !== undefined) console.log(failure);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const count = chosen.length * kinds.length;
  console.log(`console-robot: ${String(count - failed)} of ${String(count)} scenarios played to their end, ${String(failed)} failed`);
  return failed === 0;
}

const wish = wishOf(process.argv.slice(2));
if (wish === undefined) {
  console.error(`${usage}\nscenarios: ${scenarios.map(({ name }) => name).join(", ")}`);
  process.exitCode = 64;
} else if (wish.wantsList) {
  for (const { name, what } of scenarios) console.log(`${name.padEnd(20)} ${what}`);
} else if (wish.isSlow && (!process.stdout.isTTY || process.stdout.columns < columns || process.stdout.rows < rows)) {
  console.error(`console-robot: --slow shows the console on this terminal, which must have ${String(columns)}x${String(rows)} at least`);
  process.exitCode = 64;
} else process.exitCode = (await playAll(wish)) ? 0 : 1;
