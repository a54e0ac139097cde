import { printable, StrongroomError } from "../../words/index.ts";

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration such as `90s`, `30m`, `8h`, `2d`, `0`, or `forever`: milliseconds, Infinity for the last. `what` names the option in the error. */
export function durationMs(typed: string, what: string): number {
  if (typed === "forever") return Number.POSITIVE_INFINITY;
  if (typed === "0") return 0;
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(typed) ?? [];
  if (count !== undefined && unit !== undefined) return Number(count) * unitsMs[unit]!;
  throw new StrongroomError("usage", "DURATION_INVALID", `${what} ${printable(typed)} is not a duration`, {
    hint: "write it like 90s, 30m, 8h or 2d; 0 for not at all, forever for as long as it takes",
  });
}
