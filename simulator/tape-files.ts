import { createHash } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { StrongroomError } from "../src/words/index.ts";
import type { CartridgeStore } from "./storage/index.ts";

/** A tape file: the objects from `first` up to the filemark that ends it, or up to the end of data. */
export interface TapeFile {
  readonly number: number;
  readonly first: number;
  readonly end: number;
}

/** The tape files in order. What is behind the last filemark is a file when there is anything. */
export function* tapeFiles({ index }: CartridgeStore): IterableIterator<TapeFile> {
  let first = 0;
  for (let number = 0; number < index.filemarkCount; number += 1) {
    const end = index.filemark(number)!;
    yield { number, first, end };
    first = end + 1;
  }
  if (first < index.objectCount) yield { number: index.filemarkCount, first, end: index.objectCount };
}

/** Writes each tape file to `000000`, `000001` … in a folder, as one `dd if=/dev/nst0` after the other would. Gives how many. */
export async function dumpTapeFiles(store: CartridgeStore, targetFolder: string): Promise<number> {
  await mkdir(targetFolder, { recursive: true });
  let count = 0;
  let buffer = new Uint8Array(0);
  for (const { number, first, end } of tapeFiles(store)) {
    const file = await open(join(targetFolder, String(number).padStart(6, "0")), "wx", 0o600);
    try {
      for (let at = first; at < end; at += 1) {
        const object = store.index.objectAt(at);
        if (object?.kind !== "block") continue;
        if (buffer.length < object.sizeBytes) buffer = new Uint8Array(object.sizeBytes);
        const block = buffer.subarray(0, object.sizeBytes);
        await store.read(at, block);
        await file.writeFile(block);
      }
    } finally {
      await file.close();
    }
    count += 1;
  }
  return count;
}

/** SHA-256 of each tape file. `isKept`: of what is read; otherwise as the store has them. Those without blocks have that of no bytes. */
export async function digestsOfTapeFiles(store: CartridgeStore, isKept: boolean): Promise<readonly (string | undefined)[]> {
  const digests: (string | undefined)[] = [];
  for (const { number, first, end } of tapeFiles(store)) {
    if (isKept || first === end) digests.push(await digestOfBlocks(store, first, end));
    else digests.push(await store.digestOf?.(number));
  }
  return digests;
}

async function digestOfBlocks(store: CartridgeStore, first: number, end: number): Promise<string> {
  const hash = createHash("sha256");
  let buffer = new Uint8Array(0);
  for (let at = first; at < end; at += 1) {
    const object = store.index.objectAt(at);
    if (object?.kind !== "block") continue;
    if (buffer.length < object.sizeBytes) buffer = new Uint8Array(object.sizeBytes);
    const block = buffer.subarray(0, object.sizeBytes);
    await store.read(at, block);
    hash.update(block);
  }
  return hash.digest("hex");
}

/** Where that byte of a tape file lies: its offset among the bytes of all blocks. */
export function findTapeByte(store: CartridgeStore, fileNumber: number, offsetBytes: number): number {
  for (const { number, first, end } of tapeFiles(store)) {
    if (number !== fileNumber) continue;
    const at = store.index.bytesBefore(first) + offsetBytes;
    if (offsetBytes >= 0 && at < store.index.bytesBefore(end)) return at;
  }
  throw new StrongroomError(
    "usage",
    "TAPE_BYTE_MISSING",
    `the cartridge has no byte ${offsetBytes} in tape file ${fileNumber}; nothing was changed`,
  );
}
