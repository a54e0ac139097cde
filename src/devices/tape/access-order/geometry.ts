/** How data lies on a full cartridge of a generation, and how fast a drive gets from one place to another. */
export interface TapeGeometry {
  /** How often the tape is run from end to end to be full: away from its beginning and back by turns. */
  readonly wraps: number;
  readonly nativeBytes: number;
  /** From the beginning of the tape to a block anywhere on it, on average. */
  readonly averageLocateMs: number;
}

/** Density code → geometry. Averages as IBM publishes them for full height ("Performance specifications for LTO tape drives"); * estimated. */
const geometries: ReadonlyMap<number, TapeGeometry> = new Map([
  [0x58, { wraps: 80, nativeBytes: 1.5e12, averageLocateMs: 60_000 }],
  [0x5a, { wraps: 136, nativeBytes: 2.5e12, averageLocateMs: 62_000 }],
  [0x5c, { wraps: 112, nativeBytes: 6e12, averageLocateMs: 56_000 }],
  // * wraps and average.
  [0x5d, { wraps: 168, nativeBytes: 9e12, averageLocateMs: 56_000 }],
  [0x5e, { wraps: 208, nativeBytes: 12e12, averageLocateMs: 59_000 }],
  [0x60, { wraps: 280, nativeBytes: 18e12, averageLocateMs: 45_000 }],
  // * wraps of both.
  [0x62, { wraps: 472, nativeBytes: 30e12, averageLocateMs: 65_000 }],
  [0x63, { wraps: 472, nativeBytes: 40e12, averageLocateMs: 73_000 }],
]);

export function geometryOfDensity(densityCode: number): TapeGeometry | undefined {
  return geometries.get(densityCode);
}

/** Where the head is: which wrap, and how far from the tape's beginning as a part of its length. */
export interface HeadPlace {
  readonly wrap: number;
  readonly along: number;
}

/** `capacityBytes`: as the drive tells it; data is taken to lie over the tape evenly, without compression: sealed data has none. */
export function placeOf(geometry: TapeGeometry, capacityBytes: number, offsetBytes: number): HeadPlace {
  const wraps = Math.min(offsetBytes / capacityBytes, 1) * geometry.wraps;
  const wrap = Math.min(geometry.wraps - 1, Math.floor(wraps));
  const part = wraps - wrap;
  return { wrap, along: wrap % 2 === 0 ? part : 1 - part };
}

/** Part of every search: to stop, to start, to find the place. Published by nobody. */
const settleMs = 2000;
/** To another of the four bands that wraps lie in. Published by nobody. */
const bandChangeMs = 1000;
const bands = 4;

export function locateMs(geometry: TapeGeometry, from: HeadPlace, to: HeadPlace): number {
  const distance = Math.abs(to.along - from.along);
  if (distance === 0 && from.wrap === to.wrap) return 0;
  const bandOf = ({ wrap }: HeadPlace): number => Math.floor((wrap * bands) / geometry.wraps);
  // A block anywhere is half a tape away from the beginning, on average.
  const lengthMs = 2 * (geometry.averageLocateMs - settleMs - (bandChangeMs * (bands - 1)) / bands);
  return settleMs + distance * lengthMs + (bandOf(from) === bandOf(to) ? 0 : bandChangeMs);
}
