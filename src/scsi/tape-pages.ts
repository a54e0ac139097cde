import { be24, be32, be64, putNumber } from "./bytes.ts";

/** READ POSITION (SSC-5, 7.7): where the tape stands. What a device does not know is undefined. */
export interface PositionAnswer {
  readonly beginningOfPartition: boolean;
  readonly endOfPartition: boolean;
  readonly partition: number;
  readonly objectNumber: number | undefined;
  readonly fileNumber: number | undefined;
}

export const shortPositionBytes = 20;
export const longPositionBytes = 32;

/** SSC-5, table 93. PERR (the number does not fit) and BPU say that the number is not known. */
export function parseShortPosition(data: Uint8Array): PositionAnswer | undefined {
  if (data.length < shortPositionBytes) return undefined;
  const flags = data[0] ?? 0;
  return {
    beginningOfPartition: (flags & 0x80) !== 0,
    endOfPartition: (flags & 0x40) !== 0,
    partition: data[1] ?? 0,
    objectNumber: (flags & 0x06) === 0 ? be32(data, 4) : undefined,
    fileNumber: undefined,
  };
}

/** SSC-5, table 95. MPU: the marks are not counted; LONU: the object is not known. */
export function parseLongPosition(data: Uint8Array): PositionAnswer | undefined {
  if (data.length < longPositionBytes) return undefined;
  const flags = data[0] ?? 0;
  return {
    beginningOfPartition: (flags & 0x80) !== 0,
    endOfPartition: (flags & 0x40) !== 0,
    partition: be32(data, 4),
    objectNumber: (flags & 0x04) === 0 ? be64(data, 8) : undefined,
    fileNumber: (flags & 0x08) === 0 ? be64(data, 16) : undefined,
  };
}

export function buildShortPosition(answer: PositionAnswer): Uint8Array {
  const data = new Uint8Array(shortPositionBytes);
  const objectNumber = (answer.objectNumber ?? Infinity) > 0xffff_ffff ? undefined : answer.objectNumber;
  data[0] = (answer.beginningOfPartition ? 0x80 : 0) | (answer.endOfPartition ? 0x40 : 0) | (objectNumber === undefined ? 0x04 : 0);
  data[1] = answer.partition;
  putNumber(data, 4, 4, objectNumber ?? 0);
  putNumber(data, 8, 4, objectNumber ?? 0);
  return data;
}

export function buildLongPosition(answer: PositionAnswer): Uint8Array {
  const data = new Uint8Array(longPositionBytes);
  data[0] =
    (answer.beginningOfPartition ? 0x80 : 0) |
    (answer.endOfPartition ? 0x40 : 0) |
    (answer.fileNumber === undefined ? 0x08 : 0) |
    (answer.objectNumber === undefined ? 0x04 : 0);
  putNumber(data, 4, 4, answer.partition);
  putNumber(data, 8, 8, answer.objectNumber ?? 0);
  putNumber(data, 16, 8, answer.fileNumber ?? 0);
  return data;
}

/** READ BLOCK LIMITS (SSC-5, 7.5). */
export interface BlockLimits {
  readonly maxBlockBytes: number;
  readonly minBlockBytes: number;
}

export const blockLimitsBytes = 6;

export function parseBlockLimits(data: Uint8Array): BlockLimits | undefined {
  if (data.length < blockLimitsBytes) return undefined;
  return { maxBlockBytes: be24(data, 1), minBlockBytes: ((data[4] ?? 0) << 8) | (data[5] ?? 0) };
}

export function buildBlockLimits(limits: BlockLimits): Uint8Array {
  const data = new Uint8Array(blockLimitsBytes);
  putNumber(data, 1, 3, limits.maxBlockBytes);
  putNumber(data, 4, 2, limits.minBlockBytes);
  return data;
}
