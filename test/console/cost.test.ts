import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { screenLines } from "../../src/console/frame/index.ts";
import { look, tongues } from "../../src/console/index.ts";
import { type ConsoleState, viewIds } from "../../src/console/state/index.ts";
import { update } from "../../src/console/update/index.ts";
import { largePicture, largeSize } from "./large-picture.ts";
import { stateAt } from "./sample-picture.ts";

const words = tongues[0]!;
const [frameLook] = [look("utf8-256")];
const draw = (state: ConsoleState): number => screenLines(state, words, frameLook).length;
const press = (state: ConsoleState, key: string): ConsoleState => update(state, { kind: "key", key }, words).state;
const read = (state: ConsoleState, turn: number): ConsoleState => update(state, { kind: "picture", appliance: largePicture(turn) }, words).state;
const large = (): ConsoleState => read(stateAt(132, 43), 0);
const made = ({ memo }: ConsoleState): number => [...memo.made.values()].reduce((sum, count) => sum + count, 0);

/** Test runners do not lend theirs. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** Of this thread: how long a frame takes on a machine that has nothing else to do. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function told(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1);
  console.log(`${what}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms of processor`);
}

describe(`a frame of ${String(largeSize.jobs)} jobs, ${String(largeSize.slots)} slots and ${String(largeSize.cartridges)} cartridges`, () => {
  it("makes no row anew for a key, in any view", () => {
    for (const view of viewIds) {
      let state = { ...large(), view };
      draw(state);
      const before = made(state);
      for (let count = 0; count < 50; count += 1) {
        state = press(state, count % 7 === 0 ? "pagedown" : "j");
        draw(state);
      }
      state = press(press(state, "?"), "escape");
      draw(state);
      expect(made(state) - before).toBe(0);
    }
  });

  it("makes the rows of the open view, and of what needs somebody, once for each picture", () => {
    let state: ConsoleState = { ...large(), view: "cartridges" };
    draw(state);
    const before = new Map(state.memo.made);
    for (let turn = 1; turn <= 10; turn += 1) {
      state = read(state, turn);
      for (let frame = 0; frame < 5; frame += 1) draw(state);
    }
    const since = new Map([...state.memo.made].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const));
    expect(since.get("rows cartridges")).toBe(10);
    expect(since.get("needs")).toBe(10);
    expect(Math.max(...since.values())).toBe(10);
    expect(since.get("rows log") ?? 0).toBe(0);
  });

  it("shows what is new with each picture, with each letter of a filter and with each mark", () => {
    const text = (state: ConsoleState): string => screenLines(state, words, frameLook).map((line) => line.map((one) => one.text).join("")).join("\n");
    const jobs: ConsoleState = { ...large(), view: "jobs" };
    expect(text(jobs)).not.toBe(text(read(jobs, 7)));
    let state: ConsoleState = { ...large(), view: "cartridges" };
    for (const key of ["/", "0", "9", "9", "9", "9", "enter"]) {
      state = press(state, key);
      draw(state);
    }
    expect(text(state)).toContain("1/1");
    expect(text(press(state, " "))).toContain("T09999L8 *");
  });

  it("takes this long", () => {
    for (const view of viewIds) {
      let state = { ...large(), view };
      draw(state);
      const [keys, pictures]: [number[], number[]] = [[], []];
      for (let count = 0; count < 60; count += 1) {
        const start = processorMs();
        state = press(state, "j");
        draw(state);
        keys.push(processorMs() - start);
      }
      for (let turn = 1; turn <= 15; turn += 1) {
        const appliance = largePicture(turn);
        const start = processorMs();
        state = update(state, { kind: "picture", appliance }, words).state;
        draw(state);
        pictures.push(processorMs() - start);
      }
      told(`${view}, a key`, keys);
      told(`${view}, a picture`, pictures);
      // Time itself is not asserted on; that something was measured is.
      expect(Math.max(...keys)).toBeGreaterThan(0);
      expect(Math.max(...pictures)).toBeGreaterThan(0);
    }
  });

  it("leaves nothing behind, in 10,000 updates", () => {
    const collect = garbageCollector();
    let state = large();
    const keys = ["j", "k", "tab", "?", "escape", "/", "9", "enter", "escape", "enter", "escape", "pagedown", " ", ":", "x", "escape"];
    const heapAfter = (updates: number): number => {
      for (let count = 0; count < updates; count += 1) {
        state = count % 500 === 0 ? read(state, count / 500) : press(state, keys[count % keys.length]!);
        if (count % 10 === 0) draw(state);
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    heapAfter(1000);
    const first = heapAfter(1000);
    const last = heapAfter(10_000);
    console.log(`heap: ${(first / 1e6).toFixed(1)} MB, and after 10,000 updates more ${(last / 1e6).toFixed(1)} MB`);
    expect(last - first).toBeLessThan(8_000_000);
  }, 60_000);
});
