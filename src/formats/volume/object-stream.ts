import type { ObjectReader } from "./medium.ts";

/**
 * The bytes of an object, or of a part of one, in order: the size is known before the first byte, and each `chunks()` starts
 * anew.
 */
export interface ObjectStream {
  readonly sizeBytes: number;
  chunks(): AsyncIterable<Uint8Array>;
}

export function streamOfBytes(bytes: Uint8Array): ObjectStream {
  return {
    sizeBytes: bytes.length,
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, memory is not
    async *chunks() {
      if (bytes.length > 0) yield bytes;
    },
  };
}

/** As large as a block may be, so that any reader can fill it. */
const readBufferBytes = 1024 * 1024;

/** Reads an open object to its end and closes it. The bytes of a chunk are valid until the next one is asked for. */
export async function* objectChunks(reader: ObjectReader): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(readBufferBytes);
  try {
    for (;;) {
      const sizeBytes = await reader.read(buffer);
      if (sizeBytes === 0) return;
      yield buffer.subarray(0, sizeBytes);
    }
  } finally {
    await reader.close();
  }
}

/** The whole of a small object; undefined when it is larger than `maxBytes`, which is then not read any further. */
export async function readWhole(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) return undefined;
    parts.push(Buffer.from(chunk));
  }
  return Buffer.concat(parts);
}
