import { blockBytesMax, frameMagic, streamDamaged, streamUnsupported } from "./frame.ts";

/** What a frame's header says: RFC 8878, 3.1.1.1. */
export interface FrameHeader {
  readonly headerBytes: number;
  readonly windowBytes: number;
  /** Undefined where the frame does not state it. */
  readonly contentBytes: number | undefined;
  readonly hasChecksum: boolean;
}

export interface SkippableFrame {
  readonly skipBytes: number;
}

/** Reads a header from the beginning of `bytes`; undefined while it is not all there. Throws on what is no frame. */
export function readFrameHeader(bytes: Buffer): FrameHeader | SkippableFrame | undefined {
  if (bytes.length < 4) return undefined;
  const magic = bytes.readUInt32LE(0);
  if (magic >>> 4 === 0x0184d2a5) return bytes.length < 8 ? undefined : { skipBytes: 8 + bytes.readUInt32LE(4) };
  if (magic !== frameMagic) throw streamDamaged("a frame does not begin where one should");
  if (bytes.length < 5) return undefined;
  const descriptor = bytes[4]!;
  const singleSegment = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x08) !== 0) throw streamDamaged("a reserved bit is set");
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const dictionaryAt = 5 + (singleSegment ? 0 : 1);
  const sizeAt = dictionaryAt + dictionaryBytes;
  const headerBytes = sizeAt + sizeBytes;
  if (bytes.length < headerBytes) return undefined;
  if (bytes.subarray(dictionaryAt, sizeAt).some((octet) => octet !== 0)) throw streamUnsupported("a frame needs a dictionary");
  const contentBytes = readContentSize(bytes, sizeAt, sizeBytes);
  const windowBytes = singleSegment ? contentBytes! : readWindow(bytes[5]!);
  return { headerBytes, windowBytes, contentBytes, hasChecksum: (descriptor & 0x04) !== 0 };
}

function readContentSize(bytes: Buffer, at: number, lengthBytes: number): number | undefined {
  switch (lengthBytes) {
    case 0: return undefined;
    case 1: return bytes[at]!;
    case 2: return bytes.readUInt16LE(at) + 256;
    case 4: return bytes.readUInt32LE(at);
    default: return Number(bytes.readBigUInt64LE(at));
  }
}

/** 3.1.1.1.2: exponent and mantissa. */
function readWindow(octet: number): number {
  const base = 2 ** (10 + (octet >> 3));
  return base + (base / 8) * (octet & 7);
}

export interface BlockHeader {
  readonly last: boolean;
  readonly isRaw: boolean;
  /** Bytes behind the three of the header. */
  readonly bodyBytes: number;
  /** At most so much comes out of it. */
  readonly contentBytesMax: number;
}

/** 3.1.1.2. */
export function readBlockHeader(bytes: Buffer, at: number): BlockHeader {
  const header = bytes.readUIntLE(at, 3);
  const type = (header >> 1) & 3;
  const sizeBytes = header >> 3;
  if (type === 3) throw streamDamaged("a block is of a reserved type");
  if (sizeBytes > blockBytesMax) throw streamDamaged("a block is too long");
  const contentBytesMax = type === 2 ? blockBytesMax : sizeBytes;
  return { last: (header & 1) !== 0, isRaw: type === 0, bodyBytes: type === 1 ? 1 : sizeBytes, contentBytesMax };
}
