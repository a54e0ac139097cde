import { maxPartitions, type PartitionPlace, type TapeLayout } from "../../storage/index.ts";

/** How a tape is to be divided, as the medium partition mode page says it (SSC-5, 8.3.4). */
export type PartitionPlan =
  /** SDP and FDP: all but the first are as small as can be, and the first has the rest. */
  | { readonly kind: "smallest"; readonly count: number }
  /** IDP: so many bytes each, rounded up; `rest` is what the others leave, for one of them at most. */
  | { readonly kind: "sizes"; readonly sizes: readonly (number | "rest")[] };

/** The wraps of a tape, of which partitions are made. */
export interface WrapCount {
  readonly capacityBytes: number;
  readonly wraps: number;
}

/** Away from the beginning of the tape and back to it: a partition begins and ends there. Between two partitions as many are left out. */
const wrapsOfPair = 2;

/**
 * Where partitions lie. Each is a whole number of pairs of wraps, with a pair that nobody uses between two, as on LTO tapes; one that has the rest also has
 * what no whole pair is made of. Undefined where they do not fit.
 */
export function layoutOf(plan: PartitionPlan, { capacityBytes, wraps }: WrapCount, usableBytes: number): TapeLayout | undefined {
  const sizes = plan.kind === "sizes" ? plan.sizes : smallestSizes(plan.count);
  if (sizes.length === 1 && sizes[0] === "rest") return { usableBytes, partitions: [{ startBytes: 0, capacityBytes: usableBytes }] };
  const pairBytes = (capacityBytes / wraps) * wrapsOfPair;
  const asked = sizes.map((size) => (size === "rest" ? 0 : Math.max(1, Math.ceil(size / pairBytes))));
  const left = Math.floor(usableBytes / pairBytes) - (sizes.length - 1) - asked.reduce((sum, pairs) => sum + pairs, 0);
  const hasRest = sizes.includes("rest");
  if (left < (hasRest ? 1 : 0)) return undefined;
  const partitions: PartitionPlace[] = [];
  let pair = 0;
  for (const [at, size] of sizes.entries()) {
    const pairs = size === "rest" ? left : asked[at]!;
    const startBytes = Math.floor(pair * pairBytes);
    const isAtEnd = size === "rest" && at === sizes.length - 1;
    const endBytes = isAtEnd ? usableBytes : Math.floor((pair + pairs) * pairBytes);
    partitions.push({ startBytes, capacityBytes: endBytes - startBytes });
    pair += pairs + 1;
  }
  return { usableBytes, partitions };
}

function smallestSizes(count: number): readonly (number | "rest")[] {
  return ["rest", ...new Array<number>(count - 1).fill(0)];
}

export const wholePlan: PartitionPlan = { kind: "sizes", sizes: ["rest"] };

/** What a proportion of a tape is, in whole pairs of wraps, one at least (SSC-5, 7.9). */
export function proportionBytes({ capacityBytes, wraps }: WrapCount, proportion: number): number {
  if (proportion >= 1) return capacityBytes;
  const pairBytes = (capacityBytes / wraps) * wrapsOfPair;
  return Math.floor(Math.max(1, Math.floor((capacityBytes * proportion) / pairBytes)) * pairBytes);
}

/** LTO-5 has two partitions, later ones four; WORM cartridges have one. */
export function partitionsOf(generation: string, isWorm: boolean): number {
  if (isWorm) return 1;
  return generation === "LTO-5" ? 2 : maxPartitions;
}
