/* eslint-disable @typescript-eslint/require-await -- async turns failures into rejections, as the contract has them */
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StrongroomError } from "../../src/words/index.ts";
import type { BlockIndex } from "./block-index.ts";
import type { CartridgeStore, Run } from "./contract.ts";
import { type Change, encodeChanges, readIndexFile, writeFully } from "./index-file.ts";

/** The first partition, which most cartridges have alone, has the plain names. */
function fileNames(partition: number): { readonly dataName: string; readonly indexName: string } {
  const ending = partition === 0 ? "" : `-${partition}`;
  return { dataName: `data${ending}`, indexName: `index${ending}` };
}

/** Makes the two files of a blank partition in a folder that exists. Those of a partition that was there before are emptied. */
export async function createFolderStore(folder: string, partition = 0): Promise<void> {
  for (const name of Object.values(fileNames(partition))) {
    const file = await open(join(folder, name), partition === 0 ? "wx" : "w", 0o600);
    await file.sync();
    await file.close();
  }
}

/** Removes what belongs to no partition any more. */
export async function removeFolderStore(folder: string, partition: number): Promise<void> {
  for (const name of Object.values(fileNames(partition))) await rm(join(folder, name), { force: true });
}

/**
 * A partition of a cartridge in a folder: `data` holds the bytes of all blocks one after the other, `index` says what they are and is the
 * authority.
 * The index is written by `sync` alone, after the data; a writer that is killed leaves bytes in `data` that no index knows of.
 */
export async function openFolderStore(folder: string, access: "read" | "write", partition = 0): Promise<CartridgeStore> {
  const writing = access === "write";
  const { dataName, indexName } = fileNames(partition);
  const { index, goodBytes } = await readIndexFile(join(folder, indexName), writing);
  const data = await open(join(folder, dataName), writing ? "r+" : "r");
  let indexFile: FileHandle;
  try {
    if ((await data.stat()).size < index.dataBytes) {
      const hint = "take the cartridge out of the simulated library and use another one";
      throw new StrongroomError("failed", "CARTRIDGE_DAMAGED", `${folder} has lost bytes that its index knows of`, { hint });
    }
    indexFile = await open(join(folder, indexName), writing ? "r+" : "r");
  } catch (error) {
    await data.close();
    throw error;
  }
  return new FolderStore(join(folder, indexName), data, indexFile, index, goodBytes);
}

class FolderStore implements CartridgeStore {
  readonly #indexPath: string;
  readonly #data: FileHandle;
  readonly #indexFile: FileHandle;
  #index: BlockIndex;
  #indexBytes: number;
  #syncedObjects: number;
  #unsynced: Change[] = [];
  #closed = false;

  constructor(indexPath: string, data: FileHandle, indexFile: FileHandle, index: BlockIndex, indexBytes: number) {
    this.#indexPath = indexPath;
    this.#data = data;
    this.#indexFile = indexFile;
    this.#index = index;
    this.#indexBytes = indexBytes;
    this.#syncedObjects = index.objectCount;
  }

  get index(): BlockIndex {
    return this.#index;
  }

  get syncedObjects(): number {
    return this.#syncedObjects;
  }

  async append(block: Uint8Array): Promise<void> {
    await writeFully(this.#data, block, this.#index.dataBytes);
    this.#note({ sizeBytes: block.length, count: 1 });
  }

  async appendFilemarks(count: number): Promise<void> {
    this.#note({ sizeBytes: 0, count });
  }

  async read(objectNumber: number, target: Uint8Array): Promise<void> {
    const object = this.#index.objectAt(objectNumber);
    if (object?.kind !== "block") return;
    const sizeBytes = Math.min(object.sizeBytes, target.length);
    for (let done = 0; done < sizeBytes;) {
      const { bytesRead } = await this.#data.read(target, done, sizeBytes - done, object.offsetBytes + done);
      if (bytesRead === 0)
        {throw new StrongroomError("failed", "CARTRIDGE_DAMAGED", `${dirname(this.#indexPath)} has lost bytes that its index knows of`);}
      done += bytesRead;
    }
  }

  async truncate(objectNumber: number): Promise<void> {
    if (objectNumber >= this.#index.objectCount) return;
    if (this.#unsynced.length > 0) await this.#data.datasync();
    this.#index.truncate(objectNumber);
    // Before any byte is written over, the index must have forgotten the blocks that owned it.
    await this.#writeIndex([...this.#unsynced, { endsAt: objectNumber }]);
    await this.#data.truncate(this.#index.dataBytes);
  }

  async sync(): Promise<void> {
    if (this.#unsynced.length === 0) return;
    await this.#data.datasync();
    await this.#writeIndex(this.#unsynced);
  }

  async dropUnsynced(): Promise<void> {
    this.#unsynced = [];
    const { index, goodBytes } = await readIndexFile(this.#indexPath, false);
    this.#index = index;
    this.#indexBytes = goodBytes;
    this.#syncedObjects = index.objectCount;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#data.close();
    await this.#indexFile.close();
  }

  async #writeIndex(changes: readonly Change[]): Promise<void> {
    const bytes = encodeChanges(changes);
    await writeFully(this.#indexFile, bytes, this.#indexBytes);
    await this.#indexFile.datasync();
    this.#indexBytes += bytes.length;
    this.#syncedObjects = this.#index.objectCount;
    this.#unsynced = [];
  }

  #note(run: Run): void {
    this.#index.append(run);
    const last = this.#unsynced.at(-1);
    const merges = last !== undefined && "run" in last && last.run.sizeBytes === run.sizeBytes;
    if (merges)
      {this.#unsynced[this.#unsynced.length - 1] = { run: { sizeBytes: run.sizeBytes, count: last.run.count + run.count } };}
    else this.#unsynced.push({ run });
  }
}
