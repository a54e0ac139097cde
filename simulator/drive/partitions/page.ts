import { maxPartitions, type TapeLayout } from "../../storage/index.ts";
import { be16, field } from "../../wire/index.ts";
import type { PartitionPlan } from "./plan.ts";

/** SSC-5, 8.3.4. POFM: nothing happens before FORMAT MEDIUM. */
const flag = { fixed: 0x80, byDrive: 0x40, byInitiator: 0x20, atFormat: 0x04 } as const;
const unitMask = 0x18;
/** 10 to the power of PARTITION UNITS. */
const inPowers = 0x18;
/** Medium format recognition: a tape's format and its partitions. */
const recognizes = 0x03;
const headerBytes = 8;
const theRest = 0xffff;

/** The medium partition mode page for a tape, or for none. */
export function partitionPage(layout: TapeLayout | undefined, most: number): readonly number[] {
  const partitions = layout?.partitions ?? [];
  const power = powerFor(partitions.map(({ capacityBytes }) => capacityBytes));
  const sizes = Array.from({ length: maxPartitions }, (_, at) => Math.floor((partitions[at]?.capacityBytes ?? 0) / 10 ** power));
  const flags = inPowers | flag.atFormat | (partitions.length > 1 ? flag.byInitiator : 0);
  return [0x11, headerBytes - 2 + 2 * maxPartitions, most - 1, Math.max(0, partitions.length - 1), flags, recognizes, power, 0, ...sizes.flatMap((size) => field(size, 2))];
}

export const changeablePartitionPage: readonly number[] =
  [0, 0, 0, 0xff, flag.fixed | flag.byDrive | flag.byInitiator | unitMask, 0, 0x0f, 0, ...new Array<number>(2 * maxPartitions).fill(0xff)];

/**
 * What such a page of MODE SELECT asks for. It may end behind any partition: programs that know two of them send no more. `nothing` where none of FDP, SDP
 * and IDP is set; `refused` where it cannot be.
 */
export function readPartitionPage(bytes: Uint8Array, most: number): PartitionPlan | "nothing" | "refused" {
  const isWhole = bytes.length >= headerBytes && bytes.length <= headerBytes + 2 * maxPartitions && bytes.length % 2 === 0;
  if (!isWhole || bytes[2] !== most - 1 || bytes[5] !== recognizes || (bytes[4]! & (flag.atFormat | 0x03)) !== flag.atFormat) return "refused";
  const count = bytes[3]! + 1;
  const ways = bytes[4]! & (flag.fixed | flag.byDrive | flag.byInitiator);
  if (ways === 0) return "nothing";
  if (count > most && ways !== flag.fixed) return "refused";
  if (ways === flag.fixed) return { kind: "smallest", count: Math.min(2, most) };
  if (ways === flag.byDrive) return { kind: "smallest", count };
  return ways === flag.byInitiator ? sizesOf(bytes, count) : "refused";
}

function sizesOf(bytes: Uint8Array, count: number): PartitionPlan | "refused" {
  // One partition is the whole tape, whatever is said of its size.
  if (count === 1) return { kind: "sizes", sizes: ["rest"] };
  if (bytes.length < headerBytes + 2 * count) return "refused";
  const units = bytes[4]! & unitMask;
  const unitBytes = units === inPowers ? 10 ** (bytes[6]! & 0x0f) : [1, 1e3, 1e6][units >> 3]!;
  const sizes = Array.from({ length: count }, (_, at) => be16(bytes, headerBytes + 2 * at)).map((size) => (size === theRest ? "rest" as const : size * unitBytes));
  return sizes.filter((size) => size === "rest").length > 1 ? "refused" : { kind: "sizes", sizes };
}

/** The smallest unit in which two bytes hold each. */
function powerFor(sizesBytes: readonly number[]): number {
  let power = 0;
  while (sizesBytes.some((sizeBytes) => sizeBytes / 10 ** power >= theRest)) power += 1;
  return power;
}
