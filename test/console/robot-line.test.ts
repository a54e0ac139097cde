import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildLine, openPseudoTerminal, type PseudoTerminal, type SeenTerminal, watch } from "../../tools/pseudo-terminal/index.ts";

const mostMs = 30_000;
let folder: string;
let line: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "strongroom-line-")));
  line = buildLine(folder);
});

afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

function shell(script: string, bytesPerSecond = 0): { readonly terminal: PseudoTerminal; readonly seen: SeenTerminal } {
  const terminal = openPseudoTerminal({ line, command: "sh", args: ["-c", script], environment: process.env, columns: 40, rows: 12, bytesPerSecond });
  return { terminal, seen: watch(terminal, 40, 12) };
}

describe("a pseudo-terminal", () => {
  it("has the size that was wished for, carries keys and screen, and tells how the program ended", async () => {
    const { terminal, seen } = shell("stty size; read word; echo \"got $word\"; exit 7");
    expect(await seen.until(() => seen.lines().includes("12 40"), mostMs)).toBe(true);
    terminal.type("hands\r");
    expect(await terminal.ended).toEqual({ code: 7, signal: undefined });
    await seen.settled();
    expect(seen.transcript().filter((text) => text !== "")).toEqual(["12 40", "hands", "got hands"]);
    expect(terminal.carriedBytes).toBe("12 40\r\nhands\r\ngot hands\r\n".length);
  });

  it("tells the program of a new size", async () => {
    const { terminal, seen } = shell("trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done");
    await seen.until(() => seen.lines().includes("ready"), mostMs);
    terminal.resize(100, 30);
    expect(await seen.until(() => seen.lines().includes("30 100"), mostMs)).toBe(true);
    terminal.send("SIGKILL");
    expect(await terminal.ended).toEqual({ code: undefined, signal: "SIGKILL" });
  });

  it("tells of its line mode", async () => {
    const { terminal, seen } = shell("stty raw -echo; echo raw; read -r _");
    await seen.until(() => seen.lines().includes("raw"), mostMs);
    expect(await terminal.mode()).toEqual({ isByLines: false, echoes: false, hasSignalKeys: false });
    terminal.type("\n");
    await terminal.ended;
  });

  it("hangs up as a pulled cable does", async () => {
    const { terminal, seen } = shell("trap 'exit 5' HUP; echo ready; while :; do sleep 0.05; done");
    await seen.until(() => seen.lines().includes("ready"), mostMs);
    terminal.hangUp();
    expect(await terminal.ended).toEqual({ code: 5, signal: undefined });
  });

  it("carries no more than its pace, and holds the program back while nobody reads", async () => {
    const { terminal, seen } = shell("echo ready; read _; yes 123456789012345678 | head -n 500; echo over");
    await seen.until(() => seen.lines().includes("ready"), mostMs);
    terminal.setStopped(true);
    terminal.type("\n");
    const before = terminal.carriedBytes;
    await terminal.mode();
    await terminal.mode();
    expect(terminal.carriedBytes - before).toBeLessThan(20);
    const pieces: number[] = [];
    terminal.onOutput(({ length }) => pieces.push(length));
    terminal.setPace(10_000);
    terminal.setStopped(false);
    expect(await seen.until(() => seen.lines().includes("over"), mostMs)).toBe(true);
    // What waited is not given in one piece: no more than a fifth of a second's worth at a time.
    await terminal.ended;
    expect(Math.max(...pieces)).toBeLessThanOrEqual(2001);
  });

  it("rings, and shows whether its cursor is there and which screen is shown", async () => {
    const { terminal, seen } = shell("printf '\\033[?1049h\\033[?25l\\033[7mchosen\\033[0m\\007'; read _; printf '\\033[?25h\\033[?1049l'");
    await seen.until(() => seen.rings === 1, mostMs);
    expect([seen.isOtherScreen(), seen.isCursorShown(), seen.marked()]).toEqual([true, false, [{ row: 0, text: "chosen", isWhole: false }]]);
    terminal.type("\n");
    await terminal.ended;
    expect(await seen.until(() => !seen.isOtherScreen(), mostMs)).toBe(true);
    expect(seen.isCursorShown()).toBe(true);
  });

  it("says so when there is nothing to run", async () => {
    const terminal = openPseudoTerminal({ line, command: "/nowhere/at/all", args: [], environment: process.env, columns: 80, rows: 24 });
    expect(await terminal.ended).toEqual({ code: 127, signal: undefined });
    await expect(openPseudoTerminal({ line: join(folder, "none"), command: "sh", args: [], environment: {}, columns: 80, rows: 24 }).ended).rejects.toThrow("ENOENT");
  });
});
