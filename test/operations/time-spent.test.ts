import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { JobProgress } from "../../src/operations/index.ts";
import { LiveProgress } from "../../src/operations/live-progress.ts";
import { ProgressMeter } from "../../src/operations/progress.ts";
import { TimeSpent } from "../../src/operations/time-spent.ts";
import { systemClock } from "../../src/words/index.ts";

it("adds up what each stage took, and what a drive had to write", () => {
  let nowMs = 1000;
  const spent = new TimeSpent({ monotonicMs: () => nowMs });
  const passes = (ms: number): void => { nowMs += ms; };
  spent.stage("walking");
  passes(2000);
  spent.stage("placing");
  spent.writing("onsite", false);
  passes(3000);
  spent.writing("onsite", true);
  spent.writing("onsite", true);
  passes(7000);
  expect(spent.stages).toEqual([{ stage: "walking", spentMs: 2000 }, { stage: "placing", spentMs: 10_000 }]);
  expect(spent.pools).toEqual([{ pool: "onsite", isWriting: true, writingMs: 7000, waitingMs: 3000 }]);
  spent.writing("onsite", false);
  spent.stage("walking");
  passes(500);
  expect(spent.stages[0]).toEqual({ stage: "walking", spentMs: 2500 });
  expect(spent.pools).toEqual([{ pool: "onsite", isWriting: false, writingMs: 7000, waitingMs: 3500 }]);
});

it("is seen by other processes as the job told it", () => {
  const folder = mkdtempSync(join(tmpdir(), "time-spent-"));
  try {
    let nowMs = 0;
    const clock = { ...systemClock, monotonicMs: () => nowMs };
    const told: JobProgress[] = [];
    const live = new LiveProgress(folder);
    const meter = new ProgressMeter(7, clock, live.alongside({ progress: (one) => told.push(one), event: () => undefined }, clock));
    meter.stage("sealing and placing", 100, 3);
    meter.writing("onsite", true);
    nowMs = 5000;
    meter.bytes(40);
    expect(told.at(-1)?.writing).toEqual([{ pool: "onsite", isWriting: true, writingMs: 5000, waitingMs: 0 }]);
    expect(live.read([7])).toEqual([told.at(-1)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
