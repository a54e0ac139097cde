import type { CommandTimeouts, DriveModel, MediaModel } from "./contract.ts";
import { mediaModel } from "./media.ts";

const media = (...names: readonly string[]): readonly MediaModel[] => names.map((name) => mediaModel(name)!);

/** IBM's limit, also that of the programs that keep to it. */
const maxBlockBytes = 8 * 1024 * 1024;

const timeouts = {
  "LTO-5": { erase: 16_380, format: 1560, load: 780, locate: 2040, read: 1500, rewind: 600, space: 2040, verify: 16_920, write: 1500, writeFilemarks: 1620 },
  "LTO-6": { erase: 24_600, format: 3000, load: 780, locate: 2940, read: 1500, rewind: 600, space: 2040, verify: 25_200, write: 1500, writeFilemarks: 1620 },
  "LTO-7": { erase: 27_540, format: 3000, load: 960, locate: 2880, read: 2280, rewind: 600, space: 2880, verify: 28_860, write: 1500, writeFilemarks: 1620 },
  "LTO-8": { erase: 54_896, format: 3000, load: 960, locate: 2880, read: 2280, rewind: 600, space: 2880, verify: 47_700, write: 1500, writeFilemarks: 1620 },
  "LTO-9": { erase: 74_341, format: 3000, load: 960, locate: 2940, read: 2340, rewind: 600, space: 2940, verify: 63_300, write: 1500, writeFilemarks: 1620 },
  "LTO-9 HH": { erase: 166_370, format: 3240, load: 960, locate: 2940, read: 2340, rewind: 600, space: 2940, verify: 63_300, write: 1560, writeFilemarks: 1680 },
  "LTO-10": { erase: 16_320, format: 3180, load: 780, locate: 2940, read: 2340, rewind: 600, space: 2940, verify: 104_880, write: 1500, writeFilemarks: 1620 },
} as const satisfies Record<string, CommandTimeouts>;

interface Generation {
  readonly number: number;
  /** The first is its own. */
  readonly writes: readonly MediaModel[];
  readonly readsOnly: readonly MediaModel[];
  readonly timeouts: CommandTimeouts;
  readonly halfTimeouts?: CommandTimeouts;
}

/** LTO-5 to 7 read two generations back and record one, 8 and 9 do both with one, 10 with none. Cartridges older than LTO-5 are not modelled. */
const generations: readonly Generation[] = [
  { number: 5, writes: media("LTO-5"), readsOnly: [], timeouts: timeouts["LTO-5"] },
  { number: 6, writes: media("LTO-6", "LTO-5"), readsOnly: [], timeouts: timeouts["LTO-6"] },
  { number: 7, writes: media("LTO-7", "LTO-6"), readsOnly: media("LTO-5"), timeouts: timeouts["LTO-7"] },
  { number: 8, writes: media("LTO-8", "LTO-7", "LTO-7 M8"), readsOnly: [], timeouts: timeouts["LTO-8"] },
  { number: 9, writes: media("LTO-9", "LTO-8"), readsOnly: [], timeouts: timeouts["LTO-9"], halfTimeouts: timeouts["LTO-9 HH"] },
  { number: 10, writes: media("LTO-10", "LTO-10 P"), readsOnly: [], timeouts: timeouts["LTO-10"] },
];

/** Drives of full and of half height. */
export const driveModels: readonly DriveModel[] = generations.flatMap((generation) => [drive(generation, "full"), drive(generation, "half")]);

function drive({ number, writes, readsOnly, timeouts: full, halfTimeouts }: Generation, height: "full" | "half"): DriveModel {
  const isHalf = height === "half";
  return {
    name: `LTO-${number}${isHalf ? " half height" : ""}`,
    height,
    product: `ULTRIUM-${isHalf ? "HH" : "TD"}${number === 10 ? "A" : number}`,
    ownMedia: writes[0]!,
    writes,
    readsOnly,
    maxBlockBytes,
    recommendsOrders: number >= 9 && !(number === 9 && isHalf),
    timeoutSeconds: (isHalf ? halfTimeouts : undefined) ?? full,
    estimated: [...(number === 10 ? ["product" as const, "recommendsOrders" as const] : []), ...(isHalf && halfTimeouts === undefined ? ["timeoutSeconds" as const] : [])],
  };
}

export const usualDriveModel = "LTO-8";

/** By its name; undefined for what is none. */
export function driveModel(name: string): DriveModel | undefined {
  return driveModels.find((one) => one.name === name);
}

/** How a drive takes those cartridges. */
export function accessTo({ writes, readsOnly }: DriveModel, mediaName: string): "writes" | "reads" | "refuses" {
  if (writes.some(({ name }) => name === mediaName)) return "writes";
  return readsOnly.some(({ name }) => name === mediaName) ? "reads" : "refuses";
}
