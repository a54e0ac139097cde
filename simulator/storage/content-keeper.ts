/* eslint-disable @typescript-eslint/require-await -- async turns failures into rejections, as the contract has them */
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { StrongroomError } from "../../src/words/index.ts";
import type { ReadonlyBlockIndex, TapeObject } from "./contract.ts";
import { writeFully } from "./index-file.ts";

/**
 * What a partition in a folder keeps of its blocks, beside the index that is the authority on what there is. It is told of each change before the index
 * makes it, and `settle` makes durable what the index is about to say.
 */
export interface ContentKeeper {
  append(block: Uint8Array): Promise<void>;
  /** The open tape file ends, and so many filemarks follow. */
  endFile(): Promise<void>;
  read(object: TapeObject & { readonly kind: "block" }, target: Uint8Array): Promise<void>;
  settle(): Promise<void>;
  /** What was appended since the last `settle` may go. */
  cut(objectNumber: number): Promise<void>;
  /** After the index has forgotten what was cut. */
  release(): Promise<void>;
  /** SHA-256 of a tape file that ended, or undefined where it cannot be told. */
  digestOf?(file: number): Promise<string | undefined>;
  close(): Promise<void>;
}

/** All bytes, one block after the other. */
export async function keepBytes(path: string, writing: boolean, index: () => ReadonlyBlockIndex): Promise<ContentKeeper> {
  const data = await open(path, writing ? "r+" : "r");
  try {
    if ((await data.stat()).size < index().dataBytes) throw lostBytes(path, "take the cartridge out of the simulated library and use another one");
  } catch (error) {
    await data.close();
    throw error;
  }
  return {
    append: (block) => writeFully(data, block, index().dataBytes),
    endFile: async () => undefined,
    read: async ({ sizeBytes, offsetBytes }, target) => {
      const wantedBytes = Math.min(sizeBytes, target.length);
      for (let done = 0; done < wantedBytes;) {
        const { bytesRead } = await data.read(target, done, wantedBytes - done, offsetBytes + done);
        if (bytesRead === 0) throw lostBytes(path);
        done += bytesRead;
      }
    },
    settle: () => data.datasync(),
    cut: async () => undefined,
    release: () => data.truncate(index().dataBytes),
    close: () => data.close(),
  };
}

function lostBytes(path: string, hint?: string): StrongroomError {
  return new StrongroomError("failed", "CARTRIDGE_DAMAGED", `${path} has lost bytes that its index knows of`, hint === undefined ? {} : { hint });
}

const digestBytes = 32;
/** What cannot be told. */
const noDigest = Buffer.alloc(digestBytes);
const maxPending = 4096;

/**
 * A hash of each tape file: 32 bytes at its number, nothing for files without blocks, zeros for those that were begun by another process or after a cut, because a
 * hash cannot be gone on with. Reads give zeros.
 */
export async function keepDigests(path: string, writing: boolean, index: () => ReadonlyBlockIndex): Promise<ContentKeeper> {
  const file = await open(path, writing ? "r+" : "r");
  return new DigestKeeper(file, index);
}

class DigestKeeper implements ContentKeeper {
  readonly #file: FileHandle;
  readonly #index: () => ReadonlyBlockIndex;
  readonly #pending = new Map<number, Buffer>();
  #open: Hash | undefined;
  #hasBlocks = false;
  #isWritten = false;

  constructor(file: FileHandle, index: () => ReadonlyBlockIndex) {
    this.#file = file;
    this.#index = index;
    this.#standAt(index().objectCount);
  }

  async append(block: Uint8Array): Promise<void> {
    this.#open?.update(block);
    this.#hasBlocks = true;
  }

  async endFile(): Promise<void> {
    if (this.#hasBlocks) this.#pending.set(this.#index().filemarkCount, this.#open?.digest() ?? noDigest);
    this.#begin();
    if (this.#pending.size >= maxPending) await this.#write();
  }

  async read(_object: TapeObject, target: Uint8Array): Promise<void> {
    target.fill(0);
  }

  async settle(): Promise<void> {
    await this.#write();
    if (!this.#isWritten) return;
    await this.#file.datasync();
    this.#isWritten = false;
  }

  async cut(objectNumber: number): Promise<void> {
    const files = this.#index().filemarksBefore(objectNumber);
    for (const number of [...this.#pending.keys()]) if (number >= files) this.#pending.delete(number);
    this.#standAt(objectNumber);
  }

  async release(): Promise<void> {
    await this.#file.truncate(this.#index().filemarkCount * digestBytes);
  }

  async digestOf(number: number): Promise<string | undefined> {
    const digest = this.#pending.get(number) ?? (await this.#stored(number));
    return digest.equals(noDigest) ? undefined : digest.toString("hex");
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #begin(): void {
    this.#open = createHash("sha256");
    this.#hasBlocks = false;
  }

  #standAt(objectNumber: number): void {
    this.#begin();
    const isMidFile = objectNumber > 0 && this.#index().objectAt(objectNumber - 1)?.kind === "block";
    if (!isMidFile) return;
    this.#open = undefined;
    this.#hasBlocks = true;
  }

  async #stored(number: number): Promise<Buffer> {
    const digest = Buffer.alloc(digestBytes);
    await this.#file.read(digest, 0, digestBytes, number * digestBytes);
    return digest;
  }

  async #write(): Promise<void> {
    for (const [number, digest] of this.#pending) await writeFully(this.#file, digest, number * digestBytes);
    this.#isWritten ||= this.#pending.size > 0;
    this.#pending.clear();
  }
}
