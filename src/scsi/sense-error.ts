import { describeSense } from "./sense-texts.ts";
import type { Sense } from "./sense.ts";

/** What a device said, as the cause of a StrongroomError. */
export class SenseError extends Error {
  readonly sense: Sense;

  constructor(sense: Sense) {
    super(describeSense(sense));
    this.name = "SenseError";
    this.sense = sense;
  }
}

const deepestCause = 8;

/** The sense behind an error of a device, however often it was wrapped. */
export function senseOf(error: unknown): Sense | undefined {
  let current = error;
  for (let depth = 0; depth < deepestCause && current instanceof Error; depth += 1) {
    if (current instanceof SenseError) return current.sense;
    current = current.cause;
  }
  return undefined;
}
