import { StrongroomError } from "../../words/index.ts";

/** RFC 8878, 3.1.1. */
export const frameMagic = 0xfd2fb528;
export const blockBytesMax = 128 * 1024;
/** The largest stretch that becomes one frame; what is longer becomes several. */
export const frameContentBytesMax = 4 * 1024 * 1024;

/**
 * A frame of raw blocks, as pieces in order: its header, then for every block three bytes and the block itself, not copied.
 * One segment, so that the window is the content; content size in four bytes; no checksum, since messages carry their own.
 */
export function rawFrame(content: Uint8Array): Uint8Array[] {
  const header = Buffer.alloc(9);
  header.writeUInt32LE(frameMagic, 0);
  header[4] = 0xa0;
  header.writeUInt32LE(content.length, 5);
  const pieces: Uint8Array[] = [header];
  for (let at = 0; at < content.length; at += blockBytesMax) {
    const block = content.subarray(at, at + blockBytesMax);
    const last = at + block.length === content.length ? 1 : 0;
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE((block.length << 3) | last, 0, 3);
    pieces.push(blockHeader, block);
  }
  return pieces;
}

/** A frame of nothing (one last raw block of no bytes): zstd refuses a stream without any frame. */
export const emptyFrame: Uint8Array = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x01, 0x00, 0x00);

export function streamDamaged(what: string, cause?: unknown): StrongroomError {
  return new StrongroomError("mismatch", "ZSTD_DAMAGED", `the compressed stream is damaged: ${what}`, {
    hint: "use another copy of this segment",
    ...(cause === undefined ? {} : { cause }),
  });
}

export function streamUnsupported(what: string): StrongroomError {
  return new StrongroomError("failed", "ZSTD_UNSUPPORTED", `the compressed stream cannot be read here: ${what}`, {
    hint: "unpack it with zstd --decompress",
  });
}
