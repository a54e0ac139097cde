import { createCipheriv } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

const chunkBytes = 4 * 1024 * 1024;

/** Files of `fileBytes` that no compressor can shrink, `totalBytes` in all: the keystream of a cipher. */
export function makeIncompressible(folder: string, totalBytes: number, fileBytes: number): void {
  const keystream = createCipheriv("aes-256-ctr", Buffer.alloc(32, 7), Buffer.alloc(16, 9));
  const zeros = Buffer.alloc(chunkBytes);
  let serial = 0;
  for (let made = 0; made < totalBytes; made += fileBytes) {
    const sub = join(folder, `d${String(Math.floor(serial / 500))}`);
    mkdirSync(sub, { recursive: true });
    const fd = openSync(join(sub, `file-${String(serial)}.bin`), "w");
    for (let done = 0; done < fileBytes; done += chunkBytes) {
      writeSync(fd, keystream.update(zeros.subarray(0, Math.min(chunkBytes, fileBytes - done))));
    }
    closeSync(fd);
    serial += 1;
  }
}

const words = "the archive holds one copy of every file and proves it by its hash when a volume is read back from tape import export const function return string number readonly".split(" ");

/** Files that read like program text and logs, which zstd shrinks to about a quarter. */
export function makeText(folder: string, totalBytes: number, fileBytes: number): void {
  let seed = 12345;
  const next = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0);
  let serial = 0;
  for (let made = 0; made < totalBytes; made += fileBytes) {
    const sub = join(folder, `d${String(Math.floor(serial / 500))}`);
    mkdirSync(sub, { recursive: true });
    const parts: string[] = [];
    for (let sizeBytes = 0; sizeBytes < fileBytes; ) {
      const line = Array.from({ length: 4 + (next() % 9) }, () => (next() % 5 === 0 ? (next() >>> 8).toString(36) : words[(next() >>> 7) % words.length]!)).join(" ");
      parts.push(line);
      sizeBytes += line.length + 1;
    }
    const fd = openSync(join(sub, `text-${String(serial)}.ts`), "w");
    writeSync(fd, Buffer.from(parts.join("\n")).subarray(0, fileBytes));
    closeSync(fd);
    serial += 1;
  }
}
