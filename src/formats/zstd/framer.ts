import { constants, zstdCompressSync } from "node:zlib";
import { frameContentBytesMax, rawFrame } from "./frame.ts";
import { CompressionJudge } from "./judge.ts";

/** Turns stretches of a stream into zstd frames: `zstd --decompress` of all frames in a row is the stream. */
export interface ZstdFramer {
  /**
   * The next stretch, best of 256 KiB to 4 MiB: one frame, or several when it is longer. It is compressed where that pays,
   * and else wrapped in raw blocks without a copy. Done with the bytes when it returns; nothing is held back.
   */
  frame(stretch: Uint8Array): void;
}

export interface ZstdFraming {
  /** zstd's level, 1 to 19; undefined never compresses. */
  readonly level: number | undefined;
  /** Receives every frame in one call, as pieces in order; they are valid only during the call. */
  readonly sink: (pieces: readonly Uint8Array[]) => void;
}

export function createZstdFramer({ level, sink }: ZstdFraming): ZstdFramer {
  const judge = new CompressionJudge();
  const framed = (stretch: Uint8Array): readonly Uint8Array[] => {
    if (level === undefined || !judge.promises(stretch)) return rawFrame(stretch);
    const compressed = zstdCompressSync(stretch, {
      params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_contentSizeFlag]: 1 },
      pledgedSrcSize: stretch.length,
    });
    return judge.learn(stretch.length, compressed.length) ? [compressed] : rawFrame(stretch);
  };
  return {
    frame(stretch) {
      for (let at = 0; at < stretch.length; at += frameContentBytesMax)
        {sink(framed(stretch.subarray(at, at + frameContentBytesMax)));}
    },
  };
}
