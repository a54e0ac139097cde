import { type FileHandle, open, rename } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { StrongroomError } from "../../src/words/index.ts";
import { BlockIndex } from "./block-index.ts";
import type { Run } from "./contract.ts";

/**
 * The index of a cartridge on disk: an append-only list of changes, each 24 bytes (big-endian):
 *
 *     0  4  "SRIX"
 *     4  4  what: 1 a run of blocks, 2 a run of filemarks, 3 the tape ends at object `count`
 *     8  8  count
 *    16  4  block size in bytes
 *    20  4  CRC-32 of the 20 bytes before
 *
 * A record that is cut off or wrong ends the list: it was being written when the process died.
 */
export const recordBytes = 24;
const magic = 0x53524958;
const what = { blocks: 1, filemarks: 2, end: 3 } as const;
/** 24 MB: more changes of the block size than any writer makes; beyond it the file is not an index. */
export const maxRecords = 1_000_000;
const compactAboveRecords = 4096;

export type Change = { readonly run: Run } | { readonly endsAt: number };

export function encodeChanges(changes: readonly Change[]): Buffer {
  const bytes = Buffer.alloc(changes.length * recordBytes);
  changes.forEach((change, at) => {
    const record = bytes.subarray(at * recordBytes, (at + 1) * recordBytes);
    const isRun = "run" in change;
    record.writeUInt32BE(magic, 0);
    record.writeUInt32BE(isRun ? (change.run.sizeBytes === 0 ? what.filemarks : what.blocks) : what.end, 4);
    record.writeBigUInt64BE(BigInt(isRun ? change.run.count : change.endsAt), 8);
    record.writeUInt32BE(isRun ? change.run.sizeBytes : 0, 16);
    record.writeUInt32BE(crc32(record.subarray(0, 20)), 20);
  });
  return bytes;
}

/** Replays what is whole. `goodBytes` is where the next record belongs. */
export function decodeChanges(bytes: Uint8Array): { readonly index: BlockIndex; readonly goodBytes: number } {
  const index = new BlockIndex();
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (; at + recordBytes <= view.length; at += recordBytes) {
    const record = view.subarray(at, at + recordBytes);
    if (record.readUInt32BE(0) !== magic || record.readUInt32BE(20) !== crc32(record.subarray(0, 20))) break;
    const count = Number(record.readBigUInt64BE(8));
    const kind = record.readUInt32BE(4);
    if (kind === what.end) index.truncate(count);
    else index.append({ sizeBytes: kind === what.filemarks ? 0 : record.readUInt32BE(16), count });
  }
  return { index, goodBytes: at };
}

/** Reads an index file; one that has grown by many rewrites is replaced by its shortest form when `compact`. */
export async function readIndexFile(
  path: string,
  compact: boolean,
): Promise<{ readonly index: BlockIndex; readonly goodBytes: number }> {
  const bytes = await readWhole(path);
  const { index, goodBytes } = decodeChanges(bytes);
  if (!compact || goodBytes < compactAboveRecords * recordBytes || index.runCount * recordBytes * 2 > goodBytes)
    {return { index, goodBytes };}
  return { index, goodBytes: await shortenIndexFile(path, index) };
}

/** Replaces an index file by its shortest form, whole and durably; gives its length. */
export async function shortenIndexFile(path: string, index: BlockIndex): Promise<number> {
  const short = encodeChanges([...index.runs()].map((run) => ({ run })));
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(short);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return short.length;
}

async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size > maxRecords * recordBytes) {
      throw new StrongroomError(
        "failed",
        "CARTRIDGE_DAMAGED",
        `the block index of a simulated cartridge has ${size} bytes, which is no index`,
      );
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Writes all of `bytes` at that place, however many calls it takes. */
export async function writeFully(file: FileHandle, bytes: Uint8Array, offsetBytes: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offsetBytes + done);
    done += bytesWritten;
  }
}
