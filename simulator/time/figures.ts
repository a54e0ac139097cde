/**
 * What a drive of a generation and its cartridge take, full height unless said otherwise. Published figures: IBM, "Performance
 * specifications for LTO tape drives" and "Speed matching" (TS4500, TS4300, Diamondback), HPE QuickSpecs. What is in `estimated`
 * was published by nobody.
 */
export interface TimeFigures {
  readonly generation: string;
  readonly nativeBytes: number;
  /** Sustained, without compression: turns at the ends of the tape are in it. */
  readonly nativeBytesPerSecond: number;
  /** The slowest the tape runs while data goes on or off it. A host that is slower makes the drive stop and go back. */
  readonly lowestBytesPerSecond: number;
  /** The fastest, between two turns. Undefined where only the sustained rate is known. */
  readonly highestBytesPerSecond: number | undefined;
  readonly tapeMetres: number;
  /** How often the tape is run from end to end to be full. */
  readonly wraps: number;
  /** From insertion to ready. */
  readonly loadMs: number;
  /** From the beginning of the tape. */
  readonly unloadMs: number;
  /** From the beginning of the tape to a block anywhere on a full one, on average. */
  readonly averageLocateMs: number;
  /** From anywhere to the beginning, on average. */
  readonly averageRewindMs: number | undefined;
  readonly bufferBytes: number;
  /** Names of the fields that nobody published. */
  readonly estimated: readonly (keyof TimeFigures)[];
}

const tera = 1e12;
const mega = 1e6;
const second = 1000;
const mebibyte = 2 ** 20;

export const timeFigures: readonly TimeFigures[] = [
  {
    generation: "LTO-5", nativeBytes: 1.5 * tera, nativeBytesPerSecond: 140 * mega, lowestBytesPerSecond: 40 * mega, highestBytesPerSecond: undefined,
    tapeMetres: 846, wraps: 80, loadMs: 12 * second, unloadMs: 17 * second, averageLocateMs: 60 * second, averageRewindMs: undefined,
    bufferBytes: 256 * mebibyte, estimated: ["lowestBytesPerSecond", "bufferBytes"],
  },
  {
    generation: "LTO-6", nativeBytes: 2.5 * tera, nativeBytesPerSecond: 160 * mega, lowestBytesPerSecond: 40 * mega, highestBytesPerSecond: undefined,
    tapeMetres: 846, wraps: 136, loadMs: 12 * second, unloadMs: 17 * second, averageLocateMs: 62 * second, averageRewindMs: undefined,
    bufferBytes: 512 * mebibyte, estimated: ["lowestBytesPerSecond", "bufferBytes"],
  },
  {
    generation: "LTO-7", nativeBytes: 6 * tera, nativeBytesPerSecond: 300 * mega, lowestBytesPerSecond: 101 * mega, highestBytesPerSecond: 306 * mega,
    tapeMetres: 960, wraps: 112, loadMs: 15 * second, unloadMs: 20 * second, averageLocateMs: 56 * second, averageRewindMs: 60 * second,
    bufferBytes: 1024 * mebibyte, estimated: ["bufferBytes"],
  },
  {
    generation: "LTO-7 M8", nativeBytes: 9 * tera, nativeBytesPerSecond: 300 * mega, lowestBytesPerSecond: 101 * mega, highestBytesPerSecond: 306 * mega,
    tapeMetres: 960, wraps: 168, loadMs: 15 * second, unloadMs: 24 * second, averageLocateMs: 59 * second, averageRewindMs: 59 * second,
    bufferBytes: 1024 * mebibyte, estimated: ["lowestBytesPerSecond", "highestBytesPerSecond", "wraps", "averageLocateMs", "averageRewindMs", "bufferBytes"],
  },
  {
    generation: "LTO-8", nativeBytes: 12 * tera, nativeBytesPerSecond: 360 * mega, lowestBytesPerSecond: 112 * mega, highestBytesPerSecond: 365 * mega,
    tapeMetres: 960, wraps: 208, loadMs: 15 * second, unloadMs: 24 * second, averageLocateMs: 59 * second, averageRewindMs: 59 * second,
    bufferBytes: 1024 * mebibyte, estimated: ["bufferBytes"],
  },
  {
    generation: "LTO-9", nativeBytes: 18 * tera, nativeBytesPerSecond: 400 * mega, lowestBytesPerSecond: 177 * mega, highestBytesPerSecond: 408 * mega,
    tapeMetres: 1035, wraps: 280, loadMs: 17 * second, unloadMs: 30 * second, averageLocateMs: 45 * second, averageRewindMs: 55 * second,
    bufferBytes: 1024 * mebibyte, estimated: ["bufferBytes"],
  },
  {
    generation: "LTO-9 half height", nativeBytes: 18 * tera, nativeBytesPerSecond: 300 * mega, lowestBytesPerSecond: 177 * mega,
    highestBytesPerSecond: undefined, tapeMetres: 1035, wraps: 280, loadMs: 16 * second, unloadMs: 56 * second, averageLocateMs: 65 * second,
    averageRewindMs: 62 * second, bufferBytes: 1024 * mebibyte, estimated: ["bufferBytes"],
  },
  {
    generation: "LTO-10", nativeBytes: 30 * tera, nativeBytesPerSecond: 400 * mega, lowestBytesPerSecond: 157 * mega, highestBytesPerSecond: 407 * mega,
    tapeMetres: 1035, wraps: 472, loadMs: 12 * second, unloadMs: 27 * second, averageLocateMs: 65 * second, averageRewindMs: 62 * second,
    bufferBytes: 1024 * mebibyte, estimated: ["wraps", "bufferBytes"],
  },
  {
    generation: "LTO-10 PA", nativeBytes: 40 * tera, nativeBytesPerSecond: 400 * mega, lowestBytesPerSecond: 162 * mega, highestBytesPerSecond: 407 * mega,
    tapeMetres: 1337, wraps: 472, loadMs: 12 * second, unloadMs: 27 * second, averageLocateMs: 73 * second, averageRewindMs: 75 * second,
    bufferBytes: 1024 * mebibyte, estimated: ["wraps", "bufferBytes"],
  },
];

/** Of no product in particular, published by nobody. */
export const estimates = {
  /** A turn at the end of the tape, where only the sustained rate is known. */
  turnMs: 3 * second,
  /** Stop, go back behind what was recorded last, and be ready to run again. */
  backhitchMs: 4 * second,
  /** Part of every search: to start, to stop, to find the place. */
  settleMs: 2 * second,
  /** To another band of the tape, while the tape runs. */
  bandChangeMs: 1000,
  /** Between host and buffer: 12 Gbit/s SAS. */
  hostBytesPerSecond: 1.2e9,
  /** What must be in the buffer before a stopped tape runs for it, as a part of the buffer. */
  startFill: 0.25,
  /** To divide a tape anew: its ends are marked, and the beginning of each partition. */
  formatMs: 180 * second,
  /** A gripper: to the cartridge, out, to its place, in. */
  moveMs: 12 * second,
  /** A barcode reader that passes one element. */
  scanMs: 1000,
} as const;
