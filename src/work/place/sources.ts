import { createReadStream } from "node:fs";
import type { ObjectSource } from "./volume-writer.ts";

const chunkBytes = 1024 * 1024;

/** An object that lies in a file: a segment in the spool, a trailer made ready. */
export function fromFile(path: string, sizeBytes: number, sha256?: string): ObjectSource {
  return { sizeBytes, sha256, chunks: () => createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Uint8Array> };
}

/** An object in memory: a seal. */
export function fromText(text: string): ObjectSource {
  const bytes = Buffer.from(text);
  return {
    sizeBytes: bytes.length,
    sha256: undefined,
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, a text is not
    async *chunks() {
      yield bytes;
    },
  };
}
