import { constants, zstdDecompressSync } from "node:zlib";
import { streamDamaged, streamUnsupported } from "./frame.ts";
import { type FrameHeader, readBlockHeader, readFrameHeader } from "./frame-scanner.ts";

/** Unpacks any row of zstd frames, synchronously. */
export interface ZstdUnframer {
  /**
   * The next bytes, split anywhere. `sink` gets what frames became whole by them. Throws `ZSTD_DAMAGED` or `ZSTD_UNSUPPORTED`.
   */
  push(bytes: Uint8Array): void;
  /** Throws `ZSTD_DAMAGED` unless the last frame is whole. */
  finish(): void;
}

export interface ZstdUnframing {
  /** Receives the content in order, at most 128 KiB at a time; valid only during the call. */
  readonly sink: (content: Uint8Array) => void;
  /**
   * The most a frame may hold, packed or unpacked. Frames are gathered whole, so this bounds memory (about three times of it) and
   * what
   * a hostile frame can make of a few bytes; larger ones, such as `zstd` makes of a whole file, are refused.
   */
  readonly frameBytesMax?: number;
}

const sinkBytesMax = 128 * 1024;
const windowLogMax = 27;

export function createZstdUnframer({ sink, frameBytesMax = 64 * 1024 * 1024 }: ZstdUnframing): ZstdUnframer {
  return new Unframer(sink, frameBytesMax);
}

class Unframer implements ZstdUnframer {
  readonly #sink: (content: Uint8Array) => void;
  readonly #frameBytesMax: number;
  /** The frame under way, from its first byte. */
  #frame = Buffer.allocUnsafeSlow(256 * 1024);
  #filledBytes = 0;
  #skipBytes = 0;
  #header: FrameHeader | undefined;
  /** Where the next block's header begins. */
  #blockAt = 0;
  #contentBytesMax = 0;
  #allRaw = true;
  #lastSeen = false;

  constructor(sink: (content: Uint8Array) => void, frameBytesMax: number) {
    this.#sink = sink;
    this.#frameBytesMax = frameBytesMax;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const wantedBytes = this.#skipBytes > 0 ? this.#skipBytes : this.#neededBytes() - this.#filledBytes;
      const part = bytes.subarray(at, at + wantedBytes);
      at += part.length;
      if (this.#skipBytes > 0) {
        this.#skipBytes -= part.length;
        continue;
      }
      this.#append(part);
      if (part.length === wantedBytes) this.#advance();
    }
  }

  finish(): void {
    if (this.#filledBytes > 0 || this.#skipBytes > 0) throw streamDamaged("it ends within a frame");
  }

  /** How long the frame must be for the next decision: one more byte of its header, a block's header, or its end. */
  #neededBytes(): number {
    if (!this.#header) return Math.max(4, this.#filledBytes + 1);
    if (this.#lastSeen) return this.#blockAt + (this.#header.hasChecksum ? 4 : 0);
    return this.#blockAt + 3;
  }

  #advance(): void {
    const frame = this.#frame.subarray(0, this.#filledBytes);
    if (!this.#header) {
      const header = readFrameHeader(frame);
      if (header) this.#beginFrame(header);
      return;
    }
    if (!this.#lastSeen) this.#scanBlock(frame);
    else this.#endFrame(frame, this.#header);
  }

  #beginFrame(header: NonNullable<ReturnType<typeof readFrameHeader>>): void {
    if ("skipBytes" in header) {
      this.#skipBytes = header.skipBytes - this.#filledBytes;
      this.#filledBytes = 0;
      return;
    }
    if (Math.max(header.windowBytes, header.contentBytes ?? 0) > this.#frameBytesMax) throw this.#tooLarge();
    this.#header = header;
    this.#blockAt = header.headerBytes;
  }

  #scanBlock(frame: Buffer): void {
    const block = readBlockHeader(frame, this.#blockAt);
    this.#blockAt += 3 + block.bodyBytes;
    this.#contentBytesMax += block.contentBytesMax;
    this.#allRaw &&= block.isRaw;
    this.#lastSeen = block.last;
    if (
      this.#blockAt > this.#frameBytesMax ||
      (this.#header!.contentBytes === undefined && this.#contentBytesMax > this.#frameBytesMax)
    ) {
      throw this.#tooLarge();
    }
    // An empty last block without a checksum needs no further byte.
    if (block.last && this.#neededBytes() === this.#filledBytes) this.#endFrame(frame, this.#header!);
  }

  #endFrame(frame: Buffer, header: FrameHeader): void {
    const contentBytes = this.#allRaw && !header.hasChecksum ? this.#unpackRaw(frame, header) : this.#unpack(frame, header);
    if (header.contentBytes !== undefined && contentBytes !== header.contentBytes)
      {throw streamDamaged("a frame holds less than it says");}
    this.#header = undefined;
    this.#filledBytes = 0;
    this.#contentBytesMax = 0;
    this.#allRaw = true;
    this.#lastSeen = false;
  }

  #unpackRaw(frame: Buffer, header: FrameHeader): number {
    let contentBytes = 0;
    for (let at = header.headerBytes; at < frame.length;) {
      const { bodyBytes } = readBlockHeader(frame, at);
      at += 3;
      contentBytes += bodyBytes;
      if (header.contentBytes !== undefined && contentBytes > header.contentBytes)
        {throw streamDamaged("a frame holds more than it says");}
      if (bodyBytes > 0) this.#sink(frame.subarray(at, at + bodyBytes));
      at += bodyBytes;
    }
    return contentBytes;
  }

  #unpack(frame: Buffer, header: FrameHeader): number {
    const content = decompress(frame, Math.max(1, header.contentBytes ?? this.#contentBytesMax));
    for (let at = 0; at < content.length; at += sinkBytesMax) this.#sink(content.subarray(at, at + sinkBytesMax));
    return content.length;
  }

  #append(bytes: Uint8Array): void {
    const lengthBytes = this.#filledBytes + bytes.length;
    if (lengthBytes > this.#frame.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(lengthBytes, this.#frame.length * 2));
      larger.set(this.#frame.subarray(0, this.#filledBytes));
      this.#frame = larger;
    }
    this.#frame.set(bytes, this.#filledBytes);
    this.#filledBytes = lengthBytes;
  }

  #tooLarge(): Error {
    return streamUnsupported(`a frame holds more than ${String(this.#frameBytesMax)} bytes`);
  }
}

function decompress(frame: Buffer, maxOutputLength: number): Buffer {
  try {
    return zstdDecompressSync(frame, { maxOutputLength, params: { [constants.ZSTD_d_windowLogMax]: windowLogMax } });
  } catch (error) {
    throw streamDamaged("a frame cannot be unpacked", error);
  }
}
