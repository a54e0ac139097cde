import { createCipheriv } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

const filesPerFolder = 500;
const chunkBytes = 4 * 1024 * 1024;
/** Larger than any window of zstd at the levels measured: a compressor never sees the same text twice. */
const textBytes = 32 * 1024 * 1024;

/** Gives the next so many bytes of content, at most 4 MiB at a time; valid until the next call. */
type Content = (lengthBytes: number) => Uint8Array;

/** The keystream of a cipher: no compressor can shrink it. */
export function incompressible(): Content {
  const keystream = createCipheriv("aes-256-ctr", Buffer.alloc(32, 7), Buffer.alloc(16, 9));
  const zeros = Buffer.alloc(chunkBytes);
  return (lengthBytes) => keystream.update(zeros.subarray(0, lengthBytes));
}

const words = (
  "the archive holds one copy of every file and proves it by its hash when a volume is read back from tape " +
  "import export const function return string number readonly"
).split(" ");

/** Reads like program text and logs, which zstd shrinks to about a third. */
export function textLike(): Content {
  const text = Buffer.alloc(textBytes);
  const next = seeded(12345);
  for (let at = 0; at < textBytes; ) {
    const line = Array.from({ length: 4 + (next() % 9) }, () =>
      next() % 5 === 0 ? next().toString(36) : words[next() % words.length]!,
    );
    at += text.write(`${line.join(" ")}\n`, at, "latin1");
  }
  let offset = 0;
  return (lengthBytes) => {
    if (offset + lengthBytes > textBytes) offset = next() % 4096;
    offset += lengthBytes;
    return text.subarray(offset - lengthBytes, offset);
  };
}

/** Files whose sizes `sizeOf` tells, up to `totalBytes` in all, some hundred in a directory. Returns what was made. */
export function makeFiles(
  folder: string,
  totalBytes: number,
  sizeOf: (serial: number) => number,
  content: Content,
): { readonly files: number; readonly bytes: number } {
  let files = 0;
  let madeBytes = 0;
  for (; madeBytes < totalBytes; files += 1) {
    const directory = join(folder, `d${String(Math.floor(files / filesPerFolder))}`);
    if (files % filesPerFolder === 0) mkdirSync(directory, { recursive: true });
    const sizeBytes = sizeOf(files);
    const fd = openSync(join(directory, `file-${String(files)}.dat`), "w");
    for (let done = 0; done < sizeBytes; done += chunkBytes) writeSync(fd, content(Math.min(chunkBytes, sizeBytes - done)));
    closeSync(fd);
    madeBytes += sizeBytes;
  }
  return { files, bytes: madeBytes };
}

/** 4 KiB to 16 KiB, 10 KiB on average: mail, source files, thumbnails. */
export function smallSizes(): (serial: number) => number {
  const next = seeded(99);
  return () => 4096 + (next() % 12_289);
}

/** The upper bits of a linear congruential generator: the same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 8;
  };
}
