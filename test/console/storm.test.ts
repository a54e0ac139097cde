import { PassThrough, Writable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import { type Feed, look, openScreen, runConsole, tongues } from "../../src/console/index.ts";
import type { AppliancePicture } from "../../src/console/state/index.ts";
import type { Screen } from "../../src/console/screen/index.ts";
import { ManualClock, turn } from "../transports/iscsi/manual-clock.ts";
import { largePicture } from "./large-picture.ts";
import { picture } from "./sample-picture.ts";

interface Storm {
  readonly clock: ManualClock;
  readonly input: PassThrough;
  readonly keys: string[];
  readonly scans: string[];
  readonly counts: { frames: number; resizes: number; pictures: number; bytes: number };
  resize(columns: number, rows: number): void;
  /** What is in the line behind the colon, as the screen was drawn last. */
  typed(): string;
  leave(): Promise<void>;
}

let leave: (() => Promise<void>) | undefined;

afterEach(async () => {
  await leave?.();
  leave = undefined;
});

function begun(pictureAt: (turn: number) => AppliancePicture): Storm {
  const clock = new ManualClock();
  const input = new PassThrough();
  const [keys, scans]: [string[], string[]] = [[], []];
  const counts = { frames: 0, resizes: 0, pictures: 0, bytes: 0 };
  const size = { columns: 80, rows: 24 };
  const output = Object.assign(new Writable({
    write: (chunk: Buffer, _, done) => {
      counts.bytes += chunk.length;
      done();
    },
  }), size, { isTTY: true });
  const feed = { read: () => Promise.resolve(pictureAt(counts.pictures++)) } as unknown as Feed;
  const chosen = look("utf8-256");
  let footer = "";
  const stop = new AbortController();
  const parts = { feed, commands: { start: () => undefined }, clock, words: tongues[0]!, look: chosen, saveScreen: () => Promise.resolve("") };
  const running = runConsole(parts, (listener) => {
    const screen = openScreen({ input, output, terminal: "xterm-256color", look: chosen, clock }, {
      key: (key) => {
        keys.push(key);
        listener.key(key);
      },
      scan: (code) => {
        scans.push(code);
        listener.scan(code);
      },
      resized: () => {
        counts.resizes += 1;
        listener.resized();
      },
    });
    const draw: Screen["draw"] = (lines) => {
      counts.frames += 1;
      footer = lines.at(-1)!.map(({ text }) => text).join("");
      return screen.draw(lines);
    };
    return { ...screen, draw };
  }, stop.signal);
  leave = async () => {
    stop.abort();
    await running;
  };
  return {
    clock, input, keys, scans, counts, leave,
    resize: (columns, rows) => {
      Object.assign(output, { columns, rows });
      output.emit("resize");
    },
    typed: () => /^:(\S*)/.exec(footer)?.[1] ?? "",
  };
}

/** Test runners do not lend theirs. */
function heapAfterCollection(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

describe("a storm", () => {
  it("of 10,000 keys at 1 kHz, with scans, resizes and 50 jobs at work, loses none and is drawn fifty times a second at most", async () => {
    const { clock, input, keys, scans, counts, resize } = begun(largePicture);
    await clock.pass(1000, 10);
    const sequence = ["j", "k", "\t", "\x1b[6~", "\x1b[5~", "1", "8", "j", "\x1b[B", "\x1b[A", "m", "m"];
    const names = ["j", "k", "tab", "pagedown", "pageup", "1", "8", "j", "down", "up", "m", "m"];
    const expected: string[] = [];
    const codes: string[] = [];
    const pass = async (durationMs: number): Promise<void> => {
      for (let ms = 0; ms < durationMs; ms += 1) await clock.pass(1, 1);
    };
    const start = { ms: clock.monotonicMs(), frames: counts.frames };
    let heap = 0;
    for (let count = 0; count < 10_000; count += 1) {
      input.write(sequence[count % sequence.length]!);
      expected.push(names[count % names.length]!);
      await pass(1);
      if (count % 500 === 499) {
        // A scanner is held apart from fingers by a pause, as hands that take it make one.
        await pass(40);
        const code = `T${String(count).padStart(5, "0")}L8`;
        for (const character of `${code}\r`) {
          input.write(character);
          await pass(1);
        }
        codes.push(code);
        await pass(40);
      }
      if (count % 700 === 0) resize(60 + (count % 73), 20 + (count % 23));
      if (count === 2000) heap = heapAfterCollection();
    }
    await pass(200);
    const seconds = (clock.monotonicMs() - start.ms) / 1000;
    const frames = counts.frames - start.frames;
    const grown = heapAfterCollection() - heap;
    console.log(`${String(keys.length)} keys, ${String(scans.length)} scans, ${String(counts.resizes)} resizes, ${String(counts.pictures)} pictures: ${(frames / seconds).toFixed(1)} frames a second, `
      + `${String(Math.round(counts.bytes / frames))} bytes a frame, the heap ${(grown / 1e6).toFixed(1)} MB larger`);
    expect(keys).toEqual(expected);
    expect(scans).toEqual(codes);
    expect(counts.resizes).toBe(15);
    expect(frames / seconds).toBeLessThanOrEqual(50);
    expect(frames).toBeGreaterThan(100);
    expect(grown).toBeLessThan(16_000_000);
  }, 240_000);

  it("of letters at a prompt is all there, in order", async () => {
    const { clock, input, typed } = begun(() => picture);
    await clock.pass(1000, 10);
    const letters = Array.from({ length: 60 }, (_, at) => "abcdefghijklmnopqrstuvwxyz"[at % 26]!);
    for (const key of [":", ...letters]) {
      input.write(key);
      await clock.pass(1, 1);
    }
    await clock.pass(200, 10);
    expect(typed()).toBe(letters.join(""));
  });
});

describe("ten hours in which nobody comes", () => {
  it("send little and leave nothing behind", async () => {
    // What is shown changes with the minutes alone, as on a Sunday.
    const idle = { ...picture, jobs: picture.jobs.filter(({ state }) => state === "interrupted"), progress: [], libraries: [], archives: [], events: [], checks: [] };
    const { clock, counts } = begun((at) => ({ ...idle, readMs: idle.readMs + at * 3000 }));
    const hours = async (count: number): Promise<void> => {
      await clock.pass(count * 3_600_000, 1500);
      for (let rest = 0; rest < 5; rest += 1) await turn();
    };
    await hours(0.5);
    const [heap, pictures, bytes] = [heapAfterCollection(), counts.pictures, counts.bytes];
    await hours(10);
    const grown = heapAfterCollection() - heap;
    console.log(`ten hours: ${String(counts.pictures - pictures)} pictures, ${String(Math.round((counts.bytes - bytes) / 600))} bytes a minute, the heap ${(grown / 1e6).toFixed(2)} MB larger`);
    expect(counts.pictures - pictures).toBeGreaterThan(5000);
    expect(grown).toBeLessThan(4_000_000);
    expect((counts.bytes - bytes) / 600).toBeLessThan(2000);
  }, 240_000);
});
