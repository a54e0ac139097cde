import { PassThrough, Writable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { look, openScreen, tongues } from "../../src/console/index.ts";
import { screenLines } from "../../src/console/frame/index.ts";
import { Frames } from "../../src/console/frames.ts";
import { viewIds } from "../../src/console/state/index.ts";
import { ManualClock, turn } from "../transports/iscsi/manual-clock.ts";
import { largePicture } from "./large-picture.ts";
import { stateAt } from "./sample-picture.ts";
import { serialConsole, type SerialConsole } from "./serial-line.ts";

const words = tongues[0]!;
/** 9600 baud with a start and a stop bit for each byte. */
const bytesPerSecond = 960;
const mostMs = 1000;
let console_: SerialConsole | undefined;

afterEach(async () => {
  await console_?.leave();
  console_ = undefined;
});

async function atWork(terminal: "vt100" | "linux" | "xterm-256color"): Promise<SerialConsole> {
  const look_ = terminal === "vt100" ? "ascii" : terminal === "linux" ? "ansi-16" : "utf8-256";
  console_ = serialConsole({ bytesPerSecond, terminal, look: look_, pictureAt: largePicture });
  await console_.until((lines) => lines[1]!.includes("8 Log"), 3000);
  return console_;
}

describe.each(["vt100", "linux", "xterm-256color"] as const)("at 9600 baud, with 50 jobs at work, on a %s", (terminal) => {
  it("every key shows what it does within a second", async () => {
    const line = await atWork(terminal);
    const head = (view: (typeof viewIds)[number]) => (lines: readonly string[]) => lines.slice(2, 5).some((text) => text.startsWith(heads[view]));
    const took: number[] = [];
    const press = async (bytes: string, isShown: (lines: readonly string[]) => boolean): Promise<void> => {
      // Whatever is under way when the key comes.
      await line.pass(370);
      expect(isShown(line.lines())).toBe(false);
      await line.type(bytes);
      took.push((await line.until(isShown, mostMs)) ?? Number.POSITIVE_INFINITY);
    };
    for (const [at, view] of viewIds.entries()) if (view !== "today") await press(String(at + 1), head(view));
    await press("3", head("jobs"));
    for (let row = 2; row <= 8; row += 1) await press("j", (lines) => lines[0]!.endsWith(`${String(row)}/50`));
    await press(">", (lines) => lines[0]!.endsWith("50/50"));
    await press("?", (lines) => lines.some((text) => text.includes(words.frame.helpTitle(words.views.jobs.title))));
    await press("q", (lines) => !lines.some((text) => text.includes(words.frame.helpTitle(words.views.jobs.title))));
    await press(":", (lines) => lines[23]!.startsWith(":"));
    for (const typed of ["v", "vo", "vol"]) await press(typed.at(-1)!, (lines) => lines[23]!.startsWith(`:${typed} `));
    console.log(`${terminal}: a key shows its effect after ${String(Math.max(...took))} ms of line time at most, ${String(median(took))} in the middle`);
    expect(Math.max(...took)).toBeLessThanOrEqual(mostMs);
  });

  it("draws news once a second at most, and lets the line come to rest", async () => {
    const line = await atWork(terminal);
    await line.pass(4000);
    const before = line.sentBytes();
    let [restedMs, mostWaiting] = [0, 0];
    for (let passedMs = 0; passedMs < 10_000; passedMs += 50) {
      await line.pass(50);
      if (line.waitingBytes() === 0) restedMs += 50;
      mostWaiting = Math.max(mostWaiting, line.waitingBytes());
    }
    console.log(`${terminal}: ${String(Math.round((line.sentBytes() - before) / 10))} bytes a second in Today, at most ${String(mostWaiting)} waiting`);
    expect(line.pictures()).toBeGreaterThan(5);
    expect(restedMs).toBeGreaterThan(0);
    expect(mostWaiting).toBeLessThan(bytesPerSecond / 2);
  });
});

/** How the head of each list begins. */
const heads: Readonly<Record<(typeof viewIds)[number], string>> = {
  today: "state    what", library: "element ", jobs: "  job state", archives: "archive ", cartridges: "barcode ", pools: "pool ", health: "what   ", log: "time  ",
};

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

describe("a terminal that does not take what it is sent", () => {
  it("is drawn to again when it does, and sees the newest alone", async () => {
    const clock = new ManualClock();
    const held: (() => void)[] = [];
    const sent: string[] = [];
    const output = Object.assign(new Writable({
      write: (chunk: Buffer, _, done) => {
        sent.push(chunk.toString());
        held.push(done);
      },
    }), { columns: 80, rows: 24, isTTY: true });
    const screen = openScreen({ input: new PassThrough(), output, terminal: "xterm", look: look("mono"), clock }, { key: () => undefined, scan: () => undefined, resized: () => undefined });
    const takeAll = async (): Promise<void> => {
      while (held.length > 0) {
        held.shift()!();
        await turn();
      }
    };
    try {
      await turn();
      await takeAll();
      let [asked, number] = [0, 0];
      const frames = new Frames(screen, clock, () => {
        asked += 1;
        return screenLines(stateAt(80, 24, { notice: { severity: "ok", text: `number ${String(number)}` } }), words, look("mono"));
      });
      frames.want("person");
      for (let count = 0; count < 5; count += 1) await turn();
      expect(asked).toBe(1);
      for (number = 1; number < 100; number += 1) {
        frames.want("person");
        await clock.pass(50, 50);
      }
      expect(asked).toBe(1);
      await takeAll();
      await clock.pass(100, 10);
      await takeAll();
      expect(asked).toBe(2);
      expect(sent.join("")).not.toContain("number 5");
      expect(sent.at(-1)).toContain("100");
      frames.close();
    } finally {
      screen.close();
      await takeAll();
    }
  });
});
