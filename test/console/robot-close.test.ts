import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProcess } from "../support/command-line.ts";
import { buildLine, openPseudoTerminal, type PseudoTerminal, type SeenTerminal, watch } from "../../tools/pseudo-terminal/index.ts";

const mostMs = 50_000;
const program = new URL("../../tools/strongroom", import.meta.url).pathname;
let folder: string;
let line: string;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "strongroom-close-")));
  line = buildLine(folder);
  expect((await inProcess(["appliance", "init", "--name", "vault", "--state", join(folder, "state")])).code).toBe(0);
});

afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

interface Sitting {
  readonly terminal: PseudoTerminal;
  readonly seen: SeenTerminal;
  /** What the console wrote, byte for byte. */
  readonly written: () => string;
}

/** The console as a shell starts it, and the shell still there when the console has ended. */
function sit(term: string, extra: NodeJS.ProcessEnv = {}, options = ""): Sitting {
  const script = `'${program}' console --language en ${options} --state '${join(folder, "state")}'; echo "ended with $?."; read -r _`;
  const environment = { ...process.env, TERM: term, LC_ALL: "C.UTF-8", NO_COLOR: "", COLORTERM: "", ...extra };
  const terminal = openPseudoTerminal({ line, command: "sh", args: ["-c", script], environment, columns: 80, rows: 24 });
  let written = "";
  terminal.onOutput((chunk) => { written += Buffer.from(chunk).toString("latin1"); });
  return { terminal, seen: watch(terminal, 80, 24), written: () => written };
}

/** The only child of the shell. */
async function consoleOf({ terminal }: Sitting): Promise<number> {
  const shell = await terminal.processId;
  const child = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).find((name) => parentOf(name) === shell);
  if (child === undefined) throw new Error("the shell has no child");
  return Number(child);
}

function parentOf(processId: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    // It ended between the two looks.
    return undefined;
  }
}

async function opened(sitting: Sitting): Promise<void> {
  const isThere = await sitting.seen.until(() => sitting.seen.lines().some((text) => text.includes("make the keys")), mostMs);
  expect(isThere, sitting.seen.lines().join("\n")).toBe(true);
}

/** A terminal that a shell can be used at: as it was found. */
async function expectAsFound({ terminal, seen }: Sitting, exitCode: number): Promise<void> {
  const ended = await seen.until(() => seen.lines().includes(`ended with ${String(exitCode)}.`), mostMs);
  expect(ended, seen.lines().join("\n")).toBe(true);
  expect({ isOther: seen.isOtherScreen(), cursor: seen.isCursorShown(), ...(await terminal.mode()) })
    .toEqual({ isOther: false, cursor: true, isByLines: true, echoes: true, hasSignalKeys: true });
  terminal.type("\r");
  await terminal.ended;
}

describe("the console leaves the terminal as it was found", () => {
  it.each([
    ["SIGTERM", "xterm-256color", {}, { hasColour: true, isAscii: false }],
    ["SIGHUP", "linux", {}, { hasColour: true, isAscii: true }],
    ["SIGINT", "vt100", {}, { hasColour: false, isAscii: true }],
    ["its key", "xterm-256color", { NO_COLOR: "1" }, { hasColour: false, isAscii: false }],
  ] as const)("after %s, on %s %o, where it drew with what there is", async (end, term, extra, has) => {
    const sitting = sit(term, extra);
    await opened(sitting);
    expect((await sitting.terminal.mode()).isByLines).toBe(false);
    const shown = sitting.written();
    // eslint-disable-next-line no-control-regex -- what makes colours is a control sequence
    expect({ hasColour: /\x1b\[[\d;]*[34]8;5;\d+m|\x1b\[(?:\d+;)*[349]\dm/.test(shown), isAscii: !/[\x80-\xff]/.test(shown) }).toEqual(has);
    if (end === "its key") sitting.terminal.type("q");
    else process.kill(await consoleOf(sitting), end);
    await expectAsFound(sitting, 0);
  });

  it("after an error that nobody expected, with the error below", async () => {
    const hook = "process.on('SIGUSR2', () => { throw new Error('a bug of ours'); });";
    const sitting = sit("xterm-256color", { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` });
    await opened(sitting);
    process.kill(await consoleOf(sitting), "SIGUSR2");
    await sitting.seen.until(() => sitting.seen.lines().some((text) => text.startsWith("ended with")), mostMs);
    expect(sitting.seen.lines().join("\n")).toContain("a bug of ours");
    expect(sitting.seen.lines()).not.toContain("ended with 0.");
    await expectAsFound(sitting, Number(/ended with (\d+)\./.exec(sitting.seen.lines().join("\n"))?.[1]));
  });

  it("and ends when its terminal is gone", async () => {
    const sitting = sit("xterm-256color");
    await opened(sitting);
    const number = await consoleOf(sitting);
    sitting.terminal.hangUp();
    await sitting.terminal.ended;
    await expect.poll(() => parentOf(String(number)), { timeout: mostMs }).toBeUndefined();
  });
});

describe("terminals", () => {
  it("without a way to place text are refused, with the way that there is", async () => {
    const sitting = sit("dumb");
    await sitting.seen.until(() => sitting.seen.lines().some((text) => text.startsWith("ended with")), mostMs);
    const shown = sitting.seen.transcript().join(" ");
    expect(shown).toContain("[NO_TERMINAL]");
    expect(shown).toContain("strongroom console --plain");
    expect(sitting.written()).not.toContain("\x1b[?1049h");
    await expectAsFound(sitting, 2);
  });

  it("of any kind will do for the plain console, which writes lines alone", async () => {
    const sitting = sit("dumb", {}, "--plain");
    await sitting.seen.until(() => sitting.written().endsWith("strongroom> "), mostMs);
    sitting.terminal.type("q\r");
    await expectAsFound(sitting, 0);
    expect(sitting.written()).not.toContain("\x1b");
  });
});
