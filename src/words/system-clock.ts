import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** The machine's own time. The only place that reads Date.now and performance.now. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (durationMs, signal) => {
    await wait(durationMs, undefined, signal === undefined ? {} : { signal });
  },
};
