import { afterAll, beforeAll, expect, it } from "vitest";
import type { FaultEffect } from "../../simulator/index.ts";
import { type ReferenceBench, openReferenceBench } from "./reference-job.ts";

/** What strikes while copies are written. */
const faults: readonly (readonly [name: string, effect: FaultEffect, phase?: "before" | "after"])[] = [
  ["medium error", { kind: "sense", key: 3, code: 0x0c00 }],
  ["deferred medium error", { kind: "sense", key: 3, code: 0x0c00, deferred: true }],
  ["attention: the medium may have changed", { kind: "sense", key: 6, code: 0x2800 }],
  ["write protection", { kind: "sense", key: 7, code: 0x2700 }],
  ["fault of the hardware", { kind: "sense", key: 4, code: 0x4400 }],
  ["connection lost", { kind: "drop" }],
  ["connection lost behind the effect", { kind: "drop" }, "after"],
  ["power lost", { kind: "power-cycle" }],
  ["no answer", { kind: "hang" }],
];

let bench: ReferenceBench;
let commands: readonly number[];
beforeAll(async () => {
  bench = await openReferenceBench();
  const clean = await bench.begin(1);
  await clean.run();
  commands = [...clean.commands];
  const { isDone, untrue, errors } = await clean.outcome();
  expect({ isDone, untrue, errors }).toEqual({ isDone: true, untrue: [], errors: [] });
}, 60_000);
afterAll(async () => { await bench.close(); });

/** Numbers from 0 up to 1 that follow from the seed: a failing case is found again by its name. */
function draw(seed: number): number {
  return (Math.imul(seed, 2654435761) >>> 0) / 2 ** 32;
}

it.each(faults.flatMap((fault, index) => [1, 2].map((round) => [fault[0], round, fault, index] as const)))(
  "%s, %i: whatever is recorded is on the tapes, and the job ends or says what it needs",
  async (_name, round, [, effect, phase], index) => {
    const seed = index * 16 + round;
    const lun = (index + round) % 3;
    const nth = 1 + Math.floor(draw(seed) * commands[lun]! * 0.8);
    const outcome = await bench.play(seed, [{ lun, nth, effect, ...(phase === undefined ? {} : { phase }) }]);
    expect(outcome.untrue).toEqual([]);
    expect(outcome.strikes).toHaveLength(1);
    expect(outcome.isDone, `${JSON.stringify(outcome.errors)} after ${String(nth)} of unit ${String(lun)}`).toBe(true);
  },
  30_000,
);
