import { PassThrough, Writable } from "node:stream";
import xterm from "@xterm/headless";
import { type Feed, look, type LookName, openScreen, runConsole, tongues } from "../../src/console/index.ts";
import type { AppliancePicture } from "../../src/console/state/index.ts";
import { ManualClock, turn } from "../transports/iscsi/manual-clock.ts";

const stepMs = 10;

/** A console at the end of a line that carries so many bytes a second, with the terminal that somebody sees there; time passes as the test says. */
export interface SerialConsole {
  readonly clock: ManualClock;
  /** What the console gave to the line, and what of it is still under way. */
  sentBytes(): number;
  waitingBytes(): number;
  pictures(): number;
  type(bytes: string): Promise<void>;
  /** Lets time pass until the terminal shows it; how many milliseconds that took, or undefined after `mostMs`. */
  until(isShown: (lines: readonly string[]) => boolean, mostMs: number): Promise<number | undefined>;
  pass(durationMs: number): Promise<void>;
  lines(): readonly string[];
  leave(): Promise<void>;
}

export interface SerialParts {
  readonly bytesPerSecond: number;
  readonly terminal: string;
  readonly look: LookName;
  readonly pictureAt: (turn: number) => AppliancePicture;
}

export function serialConsole({ bytesPerSecond, terminal, look: lookName, pictureAt }: SerialParts): SerialConsole {
  const clock = new ManualClock();
  const emulator = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  const input = new PassThrough();
  let waiting = Buffer.alloc(0);
  let [sentBytes, pictures, carried] = [0, 0, 0];
  // As a kernel does: everything is taken at once, and the line takes its time.
  const output = Object.assign(new Writable({
    write: (chunk: Buffer, _, done) => {
      waiting = Buffer.concat([waiting, chunk]);
      sentBytes += chunk.length;
      done();
    },
  }), { columns: 80, rows: 24, isTTY: true });
  const feed = { read: () => Promise.resolve(pictureAt(pictures++)) } as unknown as Feed;
  const stop = new AbortController();
  const chosen = look(lookName);
  const parts = { feed, commands: { start: () => undefined }, clock, words: tongues[0]!, look: chosen, saveScreen: () => Promise.resolve("") };
  const running = runConsole(parts, (listener) => openScreen({ input, output, terminal, look: chosen, clock, bytesPerSecond }, listener), stop.signal);

  const carry = async (): Promise<void> => {
    carried = waiting.length === 0 ? 0 : carried + (bytesPerSecond * stepMs) / 1000;
    const part = waiting.subarray(0, Math.floor(carried));
    carried -= part.length;
    waiting = waiting.subarray(part.length);
    if (part.length > 0) await new Promise<void>((resolve) => { emulator.write(part, resolve); });
  };
  const step = async (): Promise<void> => {
    await clock.pass(stepMs, stepMs);
    for (let count = 0; count < 3; count += 1) await turn();
    await carry();
  };
  const lines = (): readonly string[] => Array.from({ length: 24 }, (_, row) => emulator.buffer.active.getLine(emulator.buffer.active.viewportY + row)!.translateToString(true).trimEnd());
  return {
    clock, lines,
    sentBytes: () => sentBytes,
    waitingBytes: () => waiting.length,
    pictures: () => pictures,
    type: async (bytes) => {
      input.write(bytes);
      await turn();
    },
    until: async (isShown, mostMs) => {
      for (let passedMs = 0; passedMs <= mostMs; passedMs += stepMs) {
        if (isShown(lines())) return passedMs;
        await step();
      }
      return undefined;
    },
    pass: async (durationMs) => {
      for (let passedMs = 0; passedMs < durationMs; passedMs += stepMs) await step();
    },
    leave: async () => {
      stop.abort();
      await running;
    },
  };
}
