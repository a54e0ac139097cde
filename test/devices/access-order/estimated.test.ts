import { describe, expect, it } from "vitest";
import { geometryOf, timeFigures } from "../../../simulator/time/index.ts";
import { type ByteRange, estimatedOrder, estimatedWindingMs, geometryOfDensity } from "../../../src/devices/tape/index.ts";

const generations = [[0x58, "LTO-5"], [0x5a, "LTO-6"], [0x5c, "LTO-7"], [0x5e, "LTO-8"], [0x60, "LTO-9"], [0x62, "LTO-10"]] as const;

/** The same numbers for the same seed, evenly between 0 and 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function scattered(count: number, capacityBytes: number, seed: number): ByteRange[] {
  const next = numbers(seed);
  const starts = Array.from({ length: count }, () => Math.floor(next() * capacityBytes * 0.99)).sort((a, b) => a - b);
  return starts.map((startBytes) => ({ startBytes, endBytes: startBytes + Math.floor(next() * 4e9) }));
}

const tapeOrder = (ranges: readonly ByteRange[]): number[] => ranges.map((_, index) => index);

describe("the order that is estimated where a drive recommends none", () => {
  it.each(generations)("has each range once, and is never worse than the order of the tape (density %i, %s)", (density, _name) => {
    const geometry = geometryOfDensity(density)!;
    for (let seed = 0; seed < 40; seed += 1) {
      const ranges = scattered(1 + (seed % 20) * 3, geometry.nativeBytes, seed);
      const order = estimatedOrder(ranges, geometry, geometry.nativeBytes);
      expect([...order].sort((a, b) => a - b)).toEqual(tapeOrder(ranges));
      const [found, sorted] = [order, tapeOrder(ranges)].map((each) => estimatedWindingMs(each, ranges, geometry, geometry.nativeBytes));
      expect(found).toBeLessThanOrEqual(sorted!);
    }
  });

  it("saves more than half of the winding for some fifty ranges over a whole tape", () => {
    const geometry = geometryOfDensity(0x60)!;
    const ranges = scattered(50, geometry.nativeBytes, 7);
    const order = estimatedOrder(ranges, geometry, geometry.nativeBytes);
    const saved = estimatedWindingMs(order, ranges, geometry, geometry.nativeBytes) / estimatedWindingMs(tapeOrder(ranges), ranges, geometry, geometry.nativeBytes);
    expect(saved).toBeLessThan(0.5);
  });

  it.each(generations.slice(2))("is good by the simulator's mechanics too, which were made without it (density %i, %s)", (density, name) => {
    const geometry = geometryOfDensity(density)!;
    const figures = timeFigures.find(({ generation }) => generation === name)!;
    expect([figures.wraps, figures.nativeBytes, figures.averageLocateMs]).toEqual([geometry.wraps, geometry.nativeBytes, geometry.averageLocateMs]);
    const mechanics = geometryOf(figures, figures.nativeBytes);
    const winding = (order: readonly number[], ranges: readonly ByteRange[]): number =>
      order.reduce((sum, index, at) => sum + mechanics.searchMs(mechanics.placeOf(at === 0 ? 0 : ranges[order[at - 1]!]!.endBytes), mechanics.placeOf(ranges[index]!.startBytes)), 0);
    const ranges = scattered(60, figures.nativeBytes, 3);
    expect(winding(estimatedOrder(ranges, geometry, figures.nativeBytes), ranges)).toBeLessThan(winding(tapeOrder(ranges), ranges) * 0.6);
  });

  it("reads on where the head is: a neighbour on the next wrap before what follows by number far along", () => {
    const geometry = geometryOfDensity(0x60)!;
    const wrapBytes = geometry.nativeBytes / geometry.wraps;
    // Wrap 0 leads away from the beginning, wrap 1 back: its end lies beside the start of wrap 0.
    const ranges = [0.02, 0.98, 1.02, 1.97].map((wraps) => ({ startBytes: wraps * wrapBytes, endBytes: (wraps + 0.005) * wrapBytes }));
    expect(estimatedOrder(ranges, geometry, geometry.nativeBytes)).toEqual([0, 3, 1, 2]);
  });

  it("leaves one or two, and very many, as they are", () => {
    const geometry = geometryOfDensity(0x60)!;
    expect(estimatedOrder([], geometry, 1e12)).toEqual([]);
    expect(estimatedOrder(scattered(2, 1e12, 1), geometry, 1e12)).toEqual([0, 1]);
    const many = scattered(2000, 18e12, 1);
    expect(estimatedOrder(many, geometry, 18e12)).toEqual(tapeOrder(many));
  });
});
