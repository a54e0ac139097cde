import { createHash } from "node:crypto";
import type { CopyRecord } from "../../records/index.ts";

const dayMs = 24 * 3600 * 1000;

/**
 * Chooses a share of the copies, at least one, by a seed: the same seed chooses the same ones of the same records. What nobody has looked at for long is
 * likelier to be chosen, in proportion to its age (weighted reservoir sampling by Efraimidis and Spirakis, 2006: the largest u^(1/weight) win).
 * Returns the objects to read: each segment with the seal behind it, ascending, after the bootstrap.
 */
export function sampleOf(copies: readonly CopyRecord[], share: number, seed: number, nowMs: number): readonly number[] {
  const count = Math.min(copies.length, Math.max(1, Math.ceil(copies.length * share)));
  const drawn = copies.map((copy) => ({ copy, key: Math.log(chance(seed, copy.objectNumber)) / weightOf(copy, nowMs) }));
  drawn.sort((a, b) => b.key - a.key || a.copy.objectNumber - b.copy.objectNumber);
  const segments = drawn.slice(0, count).map(({ copy }) => copy.objectNumber).sort((a, b) => a - b);
  return [0, ...segments.flatMap((number) => [number, number + 1])];
}

/** A copy that was checked a moment ago can still be chosen. */
function weightOf({ checkedMs, writtenMs }: CopyRecord, nowMs: number): number {
  return Math.max(0, nowMs - (checkedMs ?? writtenMs)) + dayMs;
}

/** Above 0, below 1, even, and always the same for the same seed and object. */
function chance(seed: number, object: number): number {
  const bits = createHash("sha256").update(`${String(seed)}:${String(object)}`).digest().readUIntBE(0, 6);
  return (bits + 0.5) / 2 ** 48;
}
