import { mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Feed, look, runConsole } from "../../src/console/index.ts";
import type { Line } from "../../src/console/picture/index.ts";
import { CodeReader, pauseMs } from "../../src/console/scanners/code-reader.ts";
import { type PortListener, type ScannerChange, type ScannerListener, type ScannerWatch, watchScanners } from "../../src/console/scanners/index.ts";
import { retryMs } from "../../src/console/scanners/watch.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { update } from "../../src/console/update/index.ts";
import { serialLines } from "../../src/main/serial-line.ts";
import type { ScannerConfig } from "../../src/records/index.ts";
import { StrongroomError, systemClock } from "../../src/words/index.ts";
import { buildLine, openPseudoTerminal, type PseudoTerminal, watch } from "../../tools/pseudo-terminal/index.ts";
import { ManualClock, turn } from "../transports/iscsi/manual-clock.ts";
import { picture, stateAt } from "./sample-picture.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const scanner = (path: string, suffix: ScannerConfig["suffix"] = "any"): ScannerConfig => ({ path, baudRate: 9600, suffix });

describe("codes of a serial line", () => {
  it.each([
    ["CR", "SR0001L8\r", ["SR0001L8"]],
    ["CR LF", "SR0001L8\r\nSR0002L8\r\n", ["SR0001L8", "SR0002L8"]],
    ["Tab", "SR0001L8\t", ["SR0001L8"]],
    ["STX and ETX", "\x02SR0001L8\x03", ["SR0001L8"]],
    ["blanks around it", "  SR0001L8 \r", ["SR0001L8"]],
    ["nothing yet", "SR0001L8", []],
    ["nothing between", "\r\n\r\n\t", []],
  ])("end with %s", (_name, sent, codes) => {
    expect(new CodeReader("any").feed(bytes(sent), 0)).toEqual({ codes, garbled: 0 });
  });

  it("come in pieces of any size", () => {
    const reader = new CodeReader("any");
    const read = Array.from("SR0001L8\r", (character, index) => reader.feed(bytes(character), index * 10).codes);
    expect(read.flat()).toEqual(["SR0001L8"]);
  });

  it.each([
    ["a character that no barcode has", "SR0\x81001L8\r"],
    ["a blank inside", "SR0001 L8\r"],
    ["more than anything has", `${"A".repeat(65)}\r`],
    ["a key that moves", "SR\x1b[A0001L8\r"],
  ])("are spoilt by %s", (_name, sent) => {
    expect(new CodeReader("any").feed(bytes(sent), 0)).toEqual({ codes: [], garbled: 1 });
  });

  it("are not made of a piece that was interrupted and the end of another one", () => {
    const reader = new CodeReader("any");
    reader.feed(bytes("SR00"), 0);
    expect(reader.feed(bytes("01L8\r"), pauseMs)).toEqual({ codes: ["01L8"], garbled: 0 });
    expect(reader.deadlineMs).toBeUndefined();
  });

  it("end by a pause where the scanner sends nothing behind them", () => {
    const reader = new CodeReader("none");
    reader.feed(bytes("SR00"), 1000);
    reader.feed(bytes("01L8"), 1010);
    expect(reader.deadlineMs).toBe(1010 + pauseMs);
    expect(reader.flush(1009 + pauseMs).codes).toEqual([]);
    expect(reader.flush(1010 + pauseMs).codes).toEqual(["SR0001L8"]);
    expect(reader.feed(bytes("SR0002L8"), 5000).codes).toEqual([]);
    expect(reader.feed(bytes("SR0003L8"), 6000).codes).toEqual(["SR0002L8"]);
  });

  it("are short and printable, whatever arrives and however", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.nat(400))), fc.constantFrom("any" as const, "none" as const), (chunks, suffix) => {
      const reader = new CodeReader(suffix);
      let nowMs = 0;
      for (const [chunk, gapMs] of chunks) {
        nowMs += gapMs;
        for (const code of reader.feed(chunk, nowMs).codes) expect(code).toMatch(/^[!-~]{1,64}$/);
      }
      for (const code of reader.flush(nowMs + pauseMs).codes) expect(code).toMatch(/^[!-~]{1,64}$/);
    }));
  });
});

describe("watching scanners", () => {
  let clock: ManualClock;
  let told: (string | ScannerChange)[];
  let lines: Map<string, PortListener>;
  let attempts: string[];
  let failure: Error | undefined;
  let watching: ScannerWatch | undefined;
  const closed: string[] = [];

  beforeEach(() => {
    clock = new ManualClock();
    told = [];
    lines = new Map();
    attempts = [];
    failure = undefined;
    closed.length = 0;
  });
  afterEach(async () => {
    watching?.close();
    await settled();
  });

  const start = async (...scanners: readonly ScannerConfig[]): Promise<void> => {
    watching = watchScanners(scanners, {
      open: async ({ path }, listener) => {
        attempts.push(path);
        await turn();
        if (failure !== undefined) throw failure;
        lines.set(path, listener);
        return { close: async () => { await turn(); closed.push(path); } };
      },
      clock,
      listener: { scan: (code) => { told.push(code); }, changed: (change) => { told.push(change); } },
    });
    await settled();
  };
  const settled = async (): Promise<void> => { for (let turns = 0; turns < 6; turns += 1) await turn(); };

  it("takes the codes of all of them, and says nothing of those that are there", async () => {
    await start(scanner("/dev/a"), scanner("/dev/b"));
    lines.get("/dev/b")!.bytes(bytes("SR0002L8\r"));
    lines.get("/dev/a")!.bytes(bytes("SR0001L8\r"));
    expect(told).toEqual(["SR0002L8", "SR0001L8"]);
  });

  it("tells once that one is gone, looks for it, and tells that it is back", async () => {
    await start(scanner("/dev/a"), scanner("/dev/b"));
    failure = new Error("No such file or directory");
    lines.get("/dev/a")!.closed();
    await settled();
    await clock.pass(60_000);
    expect(told).toEqual([{ path: "/dev/a", now: "gone", why: "" }]);
    lines.get("/dev/b")!.bytes(bytes("SR0002L8\r"));
    failure = undefined;
    await clock.pass(retryMs.longest);
    await settled();
    lines.get("/dev/a")!.bytes(bytes("SR0001L8\r"));
    expect(told.slice(1)).toEqual(["SR0002L8", { path: "/dev/a", now: "there" }, "SR0001L8"]);
    expect(closed).toEqual(["/dev/a"]);
  });

  it("looks less often the longer it is gone, and never gives up", async () => {
    failure = new Error("No such file or directory, cannot open /dev/a\x1b[2J");
    await start(scanner("/dev/a"));
    expect(told).toEqual([{ path: "/dev/a", now: "gone", why: "No such file or directory, cannot open /dev/a\\x1b[2J" }]);
    await clock.pass(30_000);
    expect(attempts).toHaveLength(6);
    await clock.pass(3_600_000, 1000);
    expect(attempts.length).toBeGreaterThan(200);
    expect(attempts.length).toBeLessThan(250);
  });

  it("does not look all the time for one that comes and goes all the time", async () => {
    await start(scanner("/dev/a"));
    for (let steps = 0; steps < 1200; steps += 1) {
      lines.get("/dev/a")!.closed();
      await clock.pass(50, 50);
      await settled();
    }
    expect(attempts.length).toBeLessThan(12);
  });

  it("says once that what arrives is no code, and with which speed it listens", async () => {
    await start(scanner("/dev/a"));
    for (let times = 0; times < 3; times += 1) lines.get("/dev/a")!.bytes(bytes("\x80\xfe\x01\xff\r"));
    expect(told).toEqual([{ path: "/dev/a", now: "garbled", baudRate: 9600 }]);
    lines.get("/dev/a")!.bytes(bytes("SR0001L8\r\x80\r"));
    lines.get("/dev/a")!.bytes(bytes("\x80\r"));
    expect(told.slice(1)).toEqual(["SR0001L8", { path: "/dev/a", now: "garbled", baudRate: 9600 }]);
  });

  it("ends a code by a pause where that is its end", async () => {
    await start(scanner("/dev/a", "none"));
    lines.get("/dev/a")!.bytes(bytes("SR00"));
    lines.get("/dev/a")!.bytes(bytes("01L8"));
    await clock.pass(2 * pauseMs, 50);
    expect(told).toEqual(["SR0001L8"]);
  });

  it("lets go of all lines and tells nothing more when it is closed, also of one that opens only then", async () => {
    const opened = Promise.withResolvers<{ close(): Promise<void> }>();
    let slow: PortListener | undefined;
    watching = watchScanners([scanner("/dev/slow")], {
      open: async (_settings, listener) => { slow = listener; return await opened.promise; },
      clock,
      listener: { scan: (code) => { told.push(code); }, changed: (change) => { told.push(change); } },
    });
    watching.close();
    opened.resolve({ close: async () => { await turn(); closed.push("/dev/slow"); } });
    await settled();
    slow!.bytes(bytes("SR0001L8\r"));
    await clock.pass(60_000);
    expect({ told, closed }).toEqual({ told: [], closed: ["/dev/slow"] });
  });
});

describe("what is told of scanners", () => {
  it.each(tongues)("is a line below the view, and moves nothing ($code)", (words) => {
    const before = stateAt(80, 24);
    for (const change of [{ path: "/dev/a", now: "there" }, { path: "/dev/a", now: "gone", why: "" }, { path: "/dev/a", now: "garbled", baudRate: 9600 }] as const) {
      const { state, effects } = update(before, { kind: "scanner", change }, words);
      expect(effects).toEqual([]);
      expect(state).toEqual({ ...before, notice: state.notice });
      expect(state.notice?.text).toContain("/dev/a");
    }
  });
});

describe("a console with scanners", () => {
  it("takes a scan as one from anywhere, and closes them when it is left", async () => {
    const clock = new ManualClock();
    const drawn: string[] = [];
    let heard: ScannerListener | undefined;
    let isWatching = false;
    const stop = new AbortController();
    const screen = {
      size: () => ({ columns: 80, rows: 24 }),
      draw: (lines: readonly Line[]) => {
        drawn.push(lines.map((line) => line.map(({ text }) => text).join("")).join("\n"));
        return true;
      },
      isSlow: false, ready: async () => { await turn(); }, forget: () => undefined, bell: () => undefined, close: () => undefined,
    };
    const parts = {
      feed: { read: () => Promise.resolve(picture) } as unknown as Feed,
      commands: { start: () => { throw new Error("a scan started something"); } },
      clock, words: tongues[0]!, look: look("utf8-256"), saveScreen: () => Promise.resolve(""),
      scanners: (listener: ScannerListener) => {
        heard = listener;
        isWatching = true;
        return Promise.resolve({ close: () => { isWatching = false; } });
      },
    };
    const running = runConsole(parts, () => screen, stop.signal);
    await clock.pass(1000);
    heard!.scan("SR0001L8");
    await clock.pass(1000);
    expect(drawn.at(-1)).toMatch(/─ SR0001L8 ─[^]*load into a drive/);
    heard!.changed({ path: "/dev/ttyUSB0", now: "gone", why: "" });
    await clock.pass(1000);
    expect(drawn.at(-1)).toContain("the scanner at /dev/ttyUSB0 is gone");
    expect(isWatching).toBe(true);
    stop.abort();
    await running;
    expect(isWatching).toBe(false);
  });
});

describe("a serial line of this machine", () => {
  let folder: string;
  let line: string;
  const open: PseudoTerminal[] = [];
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "strongroom-scanners-")));
    line = buildLine(folder);
  });
  afterAll(() => {
    for (const terminal of open) terminal.send("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  /** A line whose far end is ours; its near end has that name, as udev would give it. */
  async function plugIn(path: string): Promise<PseudoTerminal> {
    const terminal = openPseudoTerminal({ line, command: "sh", args: ["-c", "stty raw -echo; tty; exec sleep 60"], environment: process.env, columns: 80, rows: 4 });
    open.push(terminal);
    const seen = watch(terminal, 80, 4);
    await seen.until(() => seen.lines().some((text) => text.startsWith("/dev/pts/")), 30_000);
    symlinkSync(seen.lines().find((text) => text.startsWith("/dev/pts/"))!.trim(), `${path}.new`);
    renameSync(`${path}.new`, path);
    return terminal;
  }

  /** One scanner at a time, as the lock in the state folder has it. */
  const held = new Set<string>();
  const openLine = serialLines((path) => {
    if (held.has(path)) throw new StrongroomError("busy", "LOCK_HELD", "it is in use by another console");
    held.add(path);
    return { release: () => { held.delete(path); } };
  });

  function listening(path: string): { readonly told: string[]; until(what: string): Promise<void>; close(): void } {
    const told: string[] = [];
    let heard = (): void => undefined;
    const tell = (what: string): void => { told.push(what); heard(); };
    const listener = { scan: tell, changed: (change: ScannerChange) => { tell("why" in change && change.why !== "" ? change.why : change.now); } };
    const watching = watchScanners([scanner(path)], { open: openLine, clock: systemClock, listener });
    return {
      told,
      until: async (what) => { while (!told.some((one) => one.includes(what))) await new Promise<void>((resolve) => { heard = resolve; }); },
      close: () => { watching.close(); },
    };
  }

  it("is read while it is there, and again when it is back", { timeout: 60_000 }, async () => {
    const path = join(folder, "ttyUSB0");
    const { told, until, close } = listening(path);
    try {
      await until("no such file");
      const first = await plugIn(path);
      await until("there");
      first.type("SR0001L8\r");
      await until("SR0001L8");
      told.length = 0;
      first.hangUp();
      await until("gone");
      const second = await plugIn(path);
      await until("there");
      second.type("\x02SR0002L8\r\n");
      await until("SR0002L8");
      expect(told).toEqual(["gone", "there", "SR0002L8"]);
    } finally {
      close();
    }
  });

  it("is one console's at a time, and the next one's when that one is left", { timeout: 60_000 }, async () => {
    const path = join(folder, "ttyUSB1");
    const far = await plugIn(path);
    const first = listening(path);
    far.type("SR0001L8\r");
    await first.until("SR0001L8");
    const second = listening(path);
    await second.until("in use by another console");
    far.type("SR0002L8\r");
    await first.until("SR0002L8");
    first.close();
    await second.until("there");
    far.type("SR0003L8\r");
    await second.until("SR0003L8");
    second.close();
    expect(first.told).toEqual(["SR0001L8", "SR0002L8"]);
  });

  it("is never taken for one where it is none", async () => {
    const listener = { bytes: () => undefined, closed: () => undefined };
    await expect(openLine(scanner("/dev/null"), listener)).rejects.toMatchObject({ code: "SCANNER_LINE" });
    await expect(openLine(scanner(join(folder, "line")), listener)).rejects.toMatchObject({ code: "SCANNER_LINE" });
    expect([...held].filter((path) => path === "/dev/null" || path.endsWith("/line"))).toEqual([]);
  });
});
