import { afterAll, beforeAll, expect, it } from "vitest";
import type { FaultEffect } from "../../simulator/index.ts";
import { measureStreaming } from "../support/streaming-bench.ts";
import { openReferenceBench, type ReferenceBench } from "../campaign/reference-job.ts";

let bench: ReferenceBench;
beforeAll(async () => { bench = await openReferenceBench(); }, 60_000);
afterAll(async () => { await bench.close(); });

const write = 0x0a;
const writeFilemarks = 0x10;
const medium = { key: 3, code: 0x0c00 } as const;

/** Behind the label and its sync, in the middle of a stretch of segments that no sync has made sure of. */
const strikes: readonly (readonly [name: string, opcode: number, nth: number, effect: FaultEffect])[] = [
  ["power lost at a block", write, 5, { kind: "power-cycle" }],
  ["power lost at a buffered filemark", writeFilemarks, 5, { kind: "power-cycle" }],
  ["power lost at the sync", writeFilemarks, 9, { kind: "power-cycle" }],
  ["a reset in the stretch", writeFilemarks, 6, { kind: "reset" }],
  ["an error of earlier blocks at a filemark", writeFilemarks, 6, { kind: "sense", ...medium, deferred: true }],
  ["an error of earlier blocks at a block", write, 6, { kind: "sense", ...medium, deferred: true }],
];

it.each(strikes)("%s costs what was not synced, and nothing is recorded that is not there", async (_name, opcode, nth, effect) => {
  const outcome = await bench.play(nth, [{ lun: 1, opcode, nth, effect }], { contentBytes: 2_400_000, capacityBytes: 12 * 2 ** 20 });
  expect(outcome.untrue).toEqual([]);
  expect(outcome.strikes).toHaveLength(1);
  expect(outcome.isDone, JSON.stringify(outcome.errors)).toBe(true);
}, 30_000);

it.each([["steady", 450e6, false], ["one that stands still at random", 180e6, true]] as const)(
  "two drives stop behind the label and before and behind the trailer, and at no segment, with a source that is %s",
  async (_name, bytesPerSecond, stalls) => {
    const drives = await measureStreaming({ segments: 10, segmentBytes: 4 * 2 ** 30, spoolBytes: 400 * 2 ** 30, bytesPerSecond, stalls });
    for (const { backhitches, writtenBytes } of drives) {
      expect(writtenBytes).toBeGreaterThanOrEqual(10 * 4 * 2 ** 30);
      expect(backhitches).toBeLessThanOrEqual(3);
    }
  },
  120_000,
);
