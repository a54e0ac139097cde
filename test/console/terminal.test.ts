import { PassThrough } from "node:stream";
import xterm from "@xterm/headless";
import { describe, expect, it } from "vitest";
import { screenLines } from "../../src/console/frame/index.ts";
import { look, type LookName } from "../../src/console/picture/index.ts";
import { openScreen, type Screen } from "../../src/console/screen/index.ts";
import { viewIds } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { update } from "../../src/console/update/index.ts";
import { systemClock } from "../../src/words/index.ts";
import { stateAt } from "./sample-picture.ts";

const words = tongues[0]!;

interface Opened {
  readonly screen: Screen;
  readonly input: PassThrough;
  readonly keys: string[];
  /** What somebody sees: the terminal's own emulation of all that was sent. */
  seen(): Promise<readonly string[]>;
  sentBytes(): number;
}

function opened(columns: number, rows: number, name: LookName, terminal: string): Opened {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { columns, rows, isTTY: true });
  let sentBytes = 0;
  let written = Promise.resolve();
  output.on("data", (chunk: Buffer) => {
    sentBytes += chunk.length;
    written = written.then(() => new Promise((resolve) => { emulator.write(chunk, resolve); }));
  });
  const keys: string[] = [];
  const listener = { key: (key: string) => keys.push(key), scan: (code: string) => keys.push(`scan ${code}`), resized: () => undefined };
  const screen = openScreen({ input, output, terminal, look: look(name), clock: systemClock }, listener);
  return {
    screen, input, keys,
    sentBytes: () => sentBytes,
    seen: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await written;
      const { active } = emulator.buffer;
      return Array.from({ length: rows }, (_, row) => active.getLine(active.viewportY + row)!.translateToString(true).trimEnd());
    },
  };
}

const textOf = (lines: ReturnType<typeof screenLines>): readonly string[] => lines.map((line) => line.map(({ text }) => text).join("").trimEnd());

describe.each([["utf8-256", "xterm-256color"], ["ansi-16", "linux"], ["mono", "xterm"], ["ascii", "vt100"]] as const)("a terminal of %s (%s)", (name, terminal) => {
  it("shows every view as it was drawn, one after the other", async () => {
    const { screen, seen } = opened(80, 24, name, terminal);
    try {
      for (const view of viewIds) {
        const lines = screenLines(stateAt(80, 24, { view }), words, look(name));
        screen.draw(lines);
        expect(await seen()).toEqual(textOf(lines));
      }
    } finally {
      screen.close();
    }
  });

  it("shows every step of a walk through long lists, whatever moved on it", async () => {
    const { screen, seen, sentBytes } = opened(80, 24, name, terminal);
    try {
      let state = stateAt(80, 24, { view: "cartridges" });
      const keys = ["j", "j", "j", "j", "k", "pagedown", "pageup", ">", "<", "2", "5", "8", "enter", "escape", "?", "escape", "k", "k"];
      let seed = 20_261_121;
      for (let count = 0; count < 400; count += 1) {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
        state = update(state, { kind: "key", key: keys[seed % keys.length]! }, words).state;
        const lines = screenLines(state, words, look(name));
        screen.draw(lines);
        expect(await seen()).toEqual(textOf(lines));
      }
      state = stateAt(80, 24, { view: "library", places: { ...state.places, library: { selected: undefined, at: 12, filter: "" } } });
      screen.draw(screenLines(state, words, look(name)));
      await seen();
      const before = sentBytes();
      for (let row = 13; row <= 16; row += 1) {
        state = update(state, { kind: "key", key: "j" }, words).state;
        screen.draw(screenLines(state, words, look(name)));
        await seen();
      }
      // A list that moves by a row is moved by the terminal; sent anew, its rows would be four to six hundred bytes.
      expect((sentBytes() - before) / 4).toBeLessThan(330);
    } finally {
      screen.close();
    }
  });

  it("is sent nothing when nothing changed, and little when little did", async () => {
    const { screen, seen, sentBytes } = opened(80, 24, name, terminal);
    try {
      const state = stateAt(80, 24, { view: "jobs" });
      screen.draw(screenLines(state, words, look(name)));
      await seen();
      const whole = sentBytes();
      screen.draw(screenLines(state, words, look(name)));
      await seen();
      expect(sentBytes()).toBe(whole);
      screen.draw(screenLines({ ...state, notice: { severity: "ok", text: "done" } }, words, look(name)));
      await seen();
      expect(sentBytes() - whole).toBeLessThan(60);
    } finally {
      screen.close();
    }
  });
});

describe("keys", () => {
  it("have names, one press one name, and a scan is none of them", async () => {
    const { screen, input, keys } = opened(80, 24, "utf8-256", "xterm-256color");
    try {
      for (const bytes of ["\x1b[A", "\x1b[B", "j", "\r", "\t", "\x1b[Z", "\x7f", "\x1b[5~", "\x1bOP", "\x1b[21~", "\x0c", "é", "SR0001L8\r", "q"]) {
        input.write(bytes);
        await systemClock.sleep(60);
      }
      expect(keys).toEqual(["up", "down", "j", "enter", "tab", "shift-tab", "backspace", "pageup", "f1", "f10", "ctrl-l", "é", "scan SR0001L8", "q"]);
    } finally {
      screen.close();
    }
  });
});
