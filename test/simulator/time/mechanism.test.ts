import { describe, expect, it } from "vitest";
import { comparePublished, createMechanism, estimates, geometryOf, type Mechanism, timeFigures, VirtualTime } from "../../../simulator/time/index.ts";

const lto9 = timeFigures.find(({ generation }) => generation === "LTO-9")!;
const blockBytes = 2 ** 20;
const gigabyte = 1e9;

/** Writes blocks as a host does that makes one every so often. Returns when it is done. */
function writeAt(mechanism: Mechanism, beginMs: number, bytes: number, bytesPerSecond: number, from = 0): number {
  let nowMs = beginMs;
  let due = beginMs;
  for (let at = 0; at < bytes; at += blockBytes) {
    due += (blockBytes / bytesPerSecond) * 1000;
    nowMs = Math.max(due, nowMs + mechanism.write(nowMs, from + at, blockBytes));
  }
  return nowMs;
}

function loaded(): { readonly mechanism: Mechanism; readonly readyMs: number } {
  const mechanism = createMechanism(lto9);
  return { mechanism, readyMs: mechanism.load(0, lto9.nativeBytes, 0) };
}

describe("the moving parts of a drive", () => {
  it("take as long as vendors say, within a tenth, for every generation", () => {
    const comparisons = comparePublished();
    expect(new Set(comparisons.map(({ generation }) => generation)).size).toBe(timeFigures.length);
    for (const { generation, what, published, modelled } of comparisons) {
      expect(Math.abs(modelled / published - 1), `${generation}: ${what}`).toBeLessThan(0.1);
    }
  });

  it("stream without a stop for a host that is as fast as the tape or faster", () => {
    const { mechanism, readyMs } = loaded();
    const endMs = writeAt(mechanism, readyMs, 400 * gigabyte, 2000 * 1e6);
    const times = mechanism.times(endMs + mechanism.flush(endMs));
    expect(times.backhitches).toBe(0);
    const { streaming, turning } = times.milliseconds;
    expect((streaming + turning) / (times.totalMs - times.milliseconds.loading)).toBeGreaterThan(0.99);
    expect((times.bytesWritten / (streaming + turning)) * 1000).toBeGreaterThan(390e6);
  });

  it("match the speed of a host between their lowest and highest, and do not stop for it", () => {
    const { mechanism, readyMs } = loaded();
    const endMs = writeAt(mechanism, readyMs, 100 * gigabyte, 250e6);
    expect(mechanism.times(endMs).backhitches).toBeLessThanOrEqual(1);
  });

  it("stop and go back again and again for a host that is slower than their lowest speed", () => {
    const { mechanism, readyMs } = loaded();
    const endMs = writeAt(mechanism, readyMs, 20 * gigabyte, 80e6);
    const times = mechanism.times(endMs);
    expect(times.backhitches).toBeGreaterThan(10);
    expect(times.milliseconds.repositioning).toBeCloseTo(times.backhitches * estimates.backhitchMs, 3);
    expect(times.milliseconds.stopped).toBeGreaterThan(10_000);
  });

  it("go back once for every time that all must be on the tape", () => {
    const { mechanism, readyMs } = loaded();
    let nowMs = readyMs;
    for (let part = 0; part < 5; part += 1) {
      nowMs = writeAt(mechanism, nowMs, gigabyte, 2000e6, part * Math.ceil(gigabyte / blockBytes) * blockBytes);
      nowMs += mechanism.flush(nowMs);
    }
    expect(mechanism.times(nowMs).backhitches).toBe(4);
  });

  it("read ahead, so that only the first block of many is waited for", () => {
    const { mechanism, readyMs } = loaded();
    const endBytes = 50 * gigabyte;
    let nowMs = readyMs;
    let longestMs = 0;
    for (let at = 0; at < 10 * gigabyte; at += blockBytes) {
      const tookMs = mechanism.read(nowMs, at, blockBytes, endBytes);
      if (at > 0) longestMs = Math.max(longestMs, tookMs);
      nowMs += tookMs + 4;
    }
    const times = mechanism.times(nowMs);
    expect(times.bytesRead).toBe(Math.ceil((10 * gigabyte) / blockBytes) * blockBytes);
    expect(longestMs).toBeLessThan(5);
    expect(times.backhitches).toBeLessThanOrEqual(1);
  });

  it("stop at the end of the data and at the end of the tape", () => {
    const { mechanism, readyMs } = loaded();
    const tookMs = mechanism.read(readyMs, 0, blockBytes, blockBytes);
    expect(mechanism.times(readyMs + tookMs + 60_000).milliseconds.streaming).toBeLessThan(100);
    const small = createMechanism(lto9);
    let nowMs = small.load(0, 64 * blockBytes, 0);
    for (let at = 0; at < 64; at += 1) nowMs += small.write(nowMs, at * blockBytes, blockBytes);
    nowMs += small.flush(nowMs);
    expect(nowMs).toBeLessThan(24 * 3_600_000);
  });

  it("go to a place the faster the nearer it lies, whichever wrap it is on", () => {
    const geometry = geometryOf(lto9, lto9.nativeBytes);
    const here = geometry.placeOf(geometry.bytesPerWrap * 0.9);
    const beside = geometry.placeOf(geometry.bytesPerWrap * 1.1);
    const far = geometry.placeOf(geometry.bytesPerWrap * 0.1);
    expect(Math.abs(here.metres - beside.metres)).toBeLessThan(1e-6);
    expect(geometry.searchMs(here, beside)).toBeLessThan(geometry.searchMs(here, far));
    expect(geometry.searchMs(here, here)).toBe(0);
  });

  it("account every moment to one activity, and draw a run of any length in one line", () => {
    const { mechanism, readyMs } = loaded();
    let nowMs = writeAt(mechanism, readyMs, 300 * gigabyte, 2000e6);
    nowMs += mechanism.rewind(nowMs);
    nowMs += mechanism.unload(nowMs);
    const times = mechanism.times(nowMs + 1_000_000);
    const sum = Object.values(times.milliseconds).reduce((one, other) => one + other, 0);
    expect(sum).toBeCloseTo(times.totalMs, 3);
    expect(times.totalMs).toBeCloseTo(nowMs + 1_000_000, 3);
    const picture = mechanism.timeline().draw(70);
    expect(picture).toHaveLength(70);
    expect(picture).toMatch(/^[L=][=]+[=r<U]*U? +$/);
  });
});

describe("virtual time", () => {
  it("runs machines side by side: two that take an hour are done after an hour", async () => {
    const time = new VirtualTime();
    const machine = async (steps: number, stepMs: number): Promise<number> => {
      for (let step = 0; step < steps; step += 1) await time.pass(stepMs);
      return time.machineMs();
    };
    expect(await Promise.all([machine(3600, 1000), machine(1800, 2000), machine(1, 500)])).toEqual([3_600_000, 3_600_000, 500]);
  });

  it("wakes the one that waits for the earlier moment first, and stops waiting when told", async () => {
    const time = new VirtualTime(1_700_000_000_000);
    const order: string[] = [];
    const stop = new AbortController();
    const aborted = time.sleep(10, stop.signal).catch((reason: unknown) => order.push(`aborted ${String(reason)}`));
    const late = time.sleep(300).then(() => order.push("late"));
    const early = time.sleep(200).then(() => order.push("early"));
    stop.abort("now");
    await Promise.all([aborted, late, early]);
    expect(order).toEqual(["aborted now", "early", "late"]);
    expect(time.nowMs()).toBe(1_700_000_000_300);
  });
});
