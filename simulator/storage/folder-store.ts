import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { StrongroomError } from "../../src/words/index.ts";
import type { BlockIndex } from "./block-index.ts";
import { type ContentKeeper, keepBytes, keepDigests } from "./content-keeper.ts";
import type { CartridgeStore, Run } from "./contract.ts";
import { type Change, encodeChanges, maxRecords, readIndexFile, recordBytes, shortenIndexFile, writeFully } from "./index-file.ts";
import type { Content } from "./kept-content.ts";

/** The first partition, which most cartridges have alone, has the plain names. */
function fileNames(partition: number, content: Content): { readonly contentName: string; readonly indexName: string } {
  const ending = partition === 0 ? "" : `-${partition}`;
  return { contentName: `${content === "kept" ? "data" : "digests"}${ending}`, indexName: `index${ending}` };
}

/** Makes the two files of a blank partition in a folder that exists. Those of a partition that was there before are emptied. */
export async function createFolderStore(folder: string, partition = 0, content: Content = "kept"): Promise<void> {
  for (const name of Object.values(fileNames(partition, content))) {
    const file = await open(join(folder, name), partition === 0 ? "wx" : "w", 0o600);
    await file.sync();
    await file.close();
  }
}

/** Removes what belongs to no partition any more. */
export async function removeFolderStore(folder: string, partition: number, content: Content = "kept"): Promise<void> {
  for (const name of Object.values(fileNames(partition, content))) await rm(join(folder, name), { force: true });
}

/** Further runs are refused: an index is read whole, so that what one holds must be bounded. */
const maxRuns = 400_000;

/**
 * A partition of a cartridge in a folder: `data` holds the bytes of all blocks one after the other, or `digests` a hash of each tape file where the content is
 * not kept; `index` says what they are and is the authority.
 * The index is written by `sync` alone, after the content; a writer that is killed leaves bytes that no index knows of.
 */
export async function openFolderStore(folder: string, access: "read" | "write", partition = 0, content: Content = "kept"): Promise<CartridgeStore> {
  const writing = access === "write";
  const { contentName, indexName } = fileNames(partition, content);
  const indexPath = join(folder, indexName);
  const { index, goodBytes } = await readIndexFile(indexPath, writing);
  const known = { index };
  const keep = content === "kept" ? keepBytes : keepDigests;
  const keeper = await keep(join(folder, contentName), writing, () => known.index);
  try {
    const indexFile = await open(indexPath, writing ? "r+" : "r");
    return new FolderStore(indexPath, keeper, indexFile, known, goodBytes);
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

class FolderStore implements CartridgeStore {
  readonly #indexPath: string;
  readonly #keeper: ContentKeeper;
  /** Shared with the keeper. */
  readonly #known: { index: BlockIndex };
  #indexFile: FileHandle;
  #indexBytes: number;
  #syncedObjects: number;
  #unsynced: Change[] = [];
  #closed = false;

  constructor(indexPath: string, keeper: ContentKeeper, indexFile: FileHandle, known: { index: BlockIndex }, indexBytes: number) {
    this.#indexPath = indexPath;
    this.#keeper = keeper;
    this.#indexFile = indexFile;
    this.#known = known;
    this.#indexBytes = indexBytes;
    this.#syncedObjects = known.index.objectCount;
  }

  get index(): BlockIndex {
    return this.#known.index;
  }

  get syncedObjects(): number {
    return this.#syncedObjects;
  }

  async append(block: Uint8Array): Promise<void> {
    this.#mustHaveRoom();
    await this.#keeper.append(block);
    this.#note({ sizeBytes: block.length, count: 1 });
  }

  async appendFilemarks(count: number): Promise<void> {
    if (count === 0) return;
    this.#mustHaveRoom();
    await this.#keeper.endFile();
    this.#note({ sizeBytes: 0, count });
  }

  async read(objectNumber: number, target: Uint8Array): Promise<void> {
    const object = this.index.objectAt(objectNumber);
    if (object?.kind === "block") await this.#keeper.read(object, target.subarray(0, object.sizeBytes));
  }

  async truncate(objectNumber: number): Promise<void> {
    if (objectNumber >= this.index.objectCount) return;
    if (this.#unsynced.length > 0) await this.#keeper.settle();
    await this.#keeper.cut(objectNumber);
    this.index.truncate(objectNumber);
    // Before anything is written over, the index must have forgotten the blocks that owned it.
    await this.#writeIndex([...this.#unsynced, { endsAt: objectNumber }]);
    await this.#keeper.release();
  }

  async sync(): Promise<void> {
    if (this.#unsynced.length === 0) return;
    await this.#keeper.settle();
    await this.#writeIndex(this.#unsynced);
  }

  async dropUnsynced(): Promise<void> {
    this.#unsynced = [];
    const { index, goodBytes } = await readIndexFile(this.#indexPath, false);
    await this.#keeper.cut(index.objectCount);
    this.#known.index = index;
    this.#indexBytes = goodBytes;
    this.#syncedObjects = index.objectCount;
  }

  async digestOf(file: number): Promise<string | undefined> {
    return await this.#keeper.digestOf?.(file);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#keeper.close();
    await this.#indexFile.close();
  }

  #mustHaveRoom(): void {
    if (this.index.runCount < maxRuns) return;
    throw new StrongroomError("failed", "CARTRIDGE_INDEX_FULL", "the block size changed too often for a simulated cartridge; what is synced is safe", {
      hint: "write blocks of one size, and larger ones",
    });
  }

  async #writeIndex(changes: readonly Change[]): Promise<void> {
    const bytes = encodeChanges(changes);
    await writeFully(this.#indexFile, bytes, this.#indexBytes);
    await this.#indexFile.datasync();
    this.#indexBytes += bytes.length;
    this.#syncedObjects = this.index.objectCount;
    this.#unsynced = [];
    if (this.#indexBytes > (maxRecords - maxRuns - 1) * recordBytes) await this.#shorten();
  }

  /** Much was written over: the records of what is not there any more go. */
  async #shorten(): Promise<void> {
    this.#indexBytes = await shortenIndexFile(this.#indexPath, this.index);
    const old = this.#indexFile;
    this.#indexFile = await open(this.#indexPath, "r+");
    await old.close();
  }

  #note(run: Run): void {
    this.index.append(run);
    const last = this.#unsynced.at(-1);
    const merges = last !== undefined && "run" in last && last.run.sizeBytes === run.sizeBytes;
    if (merges)
      {this.#unsynced[this.#unsynced.length - 1] = { run: { sizeBytes: run.sizeBytes, count: last.run.count + run.count } };}
    else this.#unsynced.push({ run });
  }
}
