import { createReadStream } from "node:fs";
import type { ObjectStream } from "../../formats/volume/index.ts";

const chunkBytes = 1024 * 1024;

/** An object that lies in a file: a segment in the spool, a trailer made ready. */
export function streamOfFile(path: string, sizeBytes: number): ObjectStream {
  return { sizeBytes, chunks: () => createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Uint8Array> };
}
