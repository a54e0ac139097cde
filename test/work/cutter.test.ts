import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SegmentCut, SegmentCutter } from "../../src/work/plan/index.ts";

const padded = (sizeBytes: number): number => Math.ceil(sizeBytes / 512) * 512;

interface Line { readonly headerBytes: number; readonly storedBytes: number }

/** What a worker would write for a cut: stream bytes, and how much of each line's content. */
function replay(lines: readonly Line[], cut: SegmentCut): { streamBytes: number; stored: Map<number, number> } {
  const stored = new Map<number, number>();
  let streamBytes = 0;
  for (let index = cut.fromByte; index < cut.toByte; index += 1) {
    const line = lines[index]!;
    const from = index === cut.fromByte ? cut.skipBytes : 0;
    const to = index === cut.toByte - 1 ? (cut.stopBytes ?? line.storedBytes) : line.storedBytes;
    streamBytes += (from === 0 ? line.headerBytes : 0) + (to === line.storedBytes ? padded(to) - from : to - from);
    stored.set(index, to - from);
  }
  return { streamBytes, stored };
}

function cut(lines: readonly Line[], segmentSizeBytes: number): { readonly plannedBytes: number; readonly cut: SegmentCut }[] {
  const cutter = new SegmentCutter(segmentSizeBytes);
  // The line's number stands for its place in the plan file.
  lines.forEach((line, index) => { cutter.add({ ...line, fromByte: index, toByte: index + 1 }); });
  return cutter.finish().map(({ plannedBytes, plan }) => ({ plannedBytes, cut: JSON.parse(plan) as SegmentCut }));
}

const line = fc.record({
  headerBytes: fc.integer({ min: 1, max: 4 }).map((blocks) => blocks * 512),
  storedBytes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 500_000 })),
});

describe("the cutter", () => {
  it("covers every byte of every line once, whatever the sizes", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), fc.integer({ min: 65_536, max: 300_000 }), (lines, size) => {
        const covered = new Map<number, number>();
        for (const segment of cut(lines, size)) {
          const { streamBytes, stored } = replay(lines, segment.cut);
          expect(streamBytes).toBe(segment.plannedBytes);
          for (const [index, count] of stored) covered.set(index, (covered.get(index) ?? 0) + count);
        }
        expect([...covered.entries()].sort((a, b) => a[0] - b[0])).toEqual(lines.map(({ storedBytes }, index) => [index, storedBytes]));
      }),
    );
  });

  it("keeps segments within their size, and cuts at tar blocks only", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
        for (const { plannedBytes, cut: one } of cut(lines, 100_000)) {
          expect(plannedBytes).toBeLessThanOrEqual(padded(100_000) + 512);
          expect(one.skipBytes % 512).toBe(0);
          expect((one.stopBytes ?? 0) % 512).toBe(0);
        }
      }),
    );
  });

  it("never splits a file of an eighth of a segment or less", () => {
    const small = Array.from({ length: 100 }, () => ({ headerBytes: 512, storedBytes: 12_000 }));
    for (const { cut: one } of cut(small, 100_000)) {
      expect(one.skipBytes).toBe(0);
      expect(one.stopBytes).toBeUndefined();
    }
  });

  it("splits a large file over as many segments as it needs", () => {
    const segments = cut([{ headerBytes: 1024, storedBytes: 1_000_000 }], 100_352);
    expect(segments).toHaveLength(10);
    expect(segments.map(({ cut: one }) => one.skipBytes > 0)).toEqual([false, ...Array<boolean>(9).fill(true)]);
  });
});
