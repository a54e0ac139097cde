import { accessSync, closeSync, constants, fstatSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { freeBytes, tryLock } from "posix-entries";
import {
  folderObjectName, type MediumCapacity, type ObjectExtent, type ObjectReader, type ObjectRole, type ObjectStretch, type ObjectWriter, parseFolderObjectName,
  type VolumeMedium,
} from "../formats/volume/index.ts";
import { StrongroomError } from "../words/index.ts";
import { folderFailure, isFull } from "./folder-failures.ts";
import { layOutBootstrap } from "./folder-layout.ts";
import { FolderReader } from "./folder-reader.ts";
import { FolderWriter } from "./folder-writer.ts";

export interface FolderMediumOptions {
  /** What the folder may hold at most; unless told, whatever the file system has. */
  readonly capacityBytes?: number;
  readonly blockSizeBytes?: number;
}

const defaultFolderBlockBytes = 1024 * 1024;
const temporaryName = ".strongroom-writing";

/**
 * Objects as files of one folder: a USB disk, a mounted disc, a directory. An object is written under a temporary name and
 * renamed when it is on the disk. The folder may be hostile: names that are not an object's are ignored, symbolic links and
 * other special files refused. One process writes at a time: the folder itself is locked (flock) from the first writeObject to
 * close; another writer gets `VOLUME_BUSY`.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- a medium is opened asynchronously, whatever it is
export async function openFolderMedium(path: string, barcode: string, options: FolderMediumOptions = {}): Promise<VolumeMedium> {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
    return new FolderMedium(path, fd, barcode, options);
  } catch (error) {
    throw folderFailure(error, path);
  }
}

class FolderMedium implements VolumeMedium {
  readonly kind = "folder";
  readonly barcode: string;
  readonly blockSizeBytes: number;
  readonly writeProtected: boolean;
  readonly #path: string;
  readonly #fd: number;
  readonly #capacityBytes: number | undefined;
  #locked = false;
  #busy = false;
  #closed = false;

  constructor(path: string, fd: number, barcode: string, options: FolderMediumOptions) {
    this.#path = path;
    this.#fd = fd;
    this.barcode = barcode;
    this.blockSizeBytes = options.blockSizeBytes ?? defaultFolderBlockBytes;
    this.#capacityBytes = options.capacityBytes;
    this.writeProtected = !mayWrite(path);
  }

  async readObject(number: number): Promise<ObjectReader | "end-of-data"> {
    const objects = this.#objects();
    const name = objects.get(number);
    if (name === undefined) {
      if (number >= countOf(objects)) return "end-of-data";
      throw this.#missing(number);
    }
    this.#claim();
    try {
      return new FolderReader(await this.#openForReading(name), join(this.#path, name), () => { this.#busy = false; });
    } catch (error) {
      this.#busy = false;
      throw error instanceof StrongroomError ? error : folderFailure(error, join(this.#path, name));
    }
  }

  async writeObject(number: number, role: ObjectRole): Promise<ObjectWriter> {
    this.#claim();
    try {
      this.#lock();
      this.#refuseBehindGap(number);
      this.#discardFrom(number);
      const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;
      const handle = await open(join(this.#path, temporaryName), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR, 0o644);
      return new FolderWriter(handle, this.#remainingBytes(), {
        complete: (written) => this.#complete(written, folderObjectName(number, role), role),
        give: () => {
          rmSync(join(this.#path, temporaryName), { force: true });
          this.#busy = false;
        },
      });
    } catch (error) {
      this.#busy = false;
      throw error instanceof StrongroomError ? error : folderFailure(error, this.#path);
    }
  }

  /** A file is on the disk before it gets its name. */
  async sync(): Promise<void> {
    if (this.#busy) throw this.#open();
    await Promise.resolve();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract allows for a sweep over a tape
  async countObjects(): Promise<number> {
    return countOf(this.#objects());
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract allows for asking a drive
  async capacity(): Promise<MediumCapacity> {
    return { totalBytes: this.#capacityBytes ?? this.#usedBytes() + freeBytes(this.#fd), remainingBytes: this.#remainingBytes() };
  }

  /** What the outside would say is in README-FIRST.txt already. */
  async readOrder(_extents: readonly ObjectExtent[], stretches: readonly ObjectStretch[]): Promise<readonly number[]> {
    return await Promise.resolve(stretches.map((_, index) => index));
  }

  async writeNote(): Promise<void> {
    await Promise.resolve();
  }

  async close(): Promise<void> {
    if (!this.#closed) closeSync(this.#fd);
    this.#closed = true;
    await Promise.resolve();
  }

  async #openForReading(name: string): Promise<FileHandle> {
    const path = join(this.#path, name);
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw new StrongroomError("mismatch", "OBJECT_NO_FILE", `${name} of volume ${this.barcode} is no file; it was not read`, {
      hint: "use another copy of the volume",
    });
  }

  /** Makes the finished file the object. The copies for people come first, so that the object counts only with them. */
  async #complete(handle: FileHandle, name: string, role: ObjectRole): Promise<"finished" | "full"> {
    try {
      await handle.sync();
      if (role === "bootstrap") await layOutBootstrap(this.#path, handle);
      await handle.close();
      renameSync(join(this.#path, temporaryName), join(this.#path, name));
      fsyncSync(this.#fd);
    } catch (error) {
      if (isFull(error)) return "full";
      throw error instanceof StrongroomError ? error : folderFailure(error, join(this.#path, name));
    }
    this.#busy = false;
    return "finished";
  }

  /** From the highest number down, so that a power cut in between leaves no gap. */
  #discardFrom(number: number): void {
    rmSync(join(this.#path, temporaryName), { force: true });
    const doomed = [...this.#objects(true)].filter(([found]) => found >= number).sort(([a], [b]) => b - a);
    for (const [, name] of doomed) rmSync(join(this.#path, name), { force: true });
    fsyncSync(this.#fd);
  }

  #objects(andAfterGaps = false): Map<number, string> {
    const objects = new Map<number, string>();
    for (const name of readdirSync(this.#path).sort()) {
      const parsed = parseFolderObjectName(name);
      if (!parsed) continue;
      const other = objects.get(parsed.number);
      if (other !== undefined && !andAfterGaps) throw ambiguous(this.barcode, other, name);
      objects.set(parsed.number, name);
    }
    return objects;
  }

  /** Writing never leaves a gap: where there is one, somebody has taken a file away, and what lies behind it must not be touched. */
  #refuseBehindGap(number: number): void {
    const objects = this.#objects(true);
    if (number > countOf(objects)) {
      throw new StrongroomError("internal", "VOLUME_GAP", `object ${String(number)} cannot be written: there are fewer `
        + "objects before it");
    }
    for (let before = 0; before < number; before += 1) if (!objects.has(before)) throw this.#missing(before);
  }

  #missing(number: number): StrongroomError {
    const message = `object ${String(number)} of volume ${this.barcode} is gone, although later ones are there; nothing was changed`;
    return new StrongroomError("mismatch", "OBJECT_GONE", message, {
      hint: `find out what is missing with: strongroom volume verify ${this.barcode}; nothing more is written on it then`,
    });
  }

  #usedBytes(): number {
    let sum = 0;
    for (const name of this.#objects().values()) {
      const fd = openSync(join(this.#path, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        sum += fstatSync(fd).size;
      } finally {
        closeSync(fd);
      }
    }
    return sum;
  }

  #remainingBytes(): number {
    const free = freeBytes(this.#fd);
    return this.#capacityBytes === undefined ? free : Math.max(0, Math.min(free, this.#capacityBytes - this.#usedBytes()));
  }

  #lock(): void {
    if (this.#locked) return;
    if (!tryLock(this.#fd)) {
      throw new StrongroomError("busy", "VOLUME_BUSY", `another process is writing to volume ${this.barcode}; nothing was `
        + "changed", {
        hint: "wait until it is done",
      });
    }
    this.#locked = true;
  }

  #claim(): void {
    if (this.#busy) throw this.#open();
    this.#busy = true;
  }

  #open(): StrongroomError {
    return new StrongroomError("internal", "OBJECT_OPEN", `an object of volume ${this.barcode} is still open`);
  }
}

/** One more than the highest number. */
function countOf(objects: ReadonlyMap<number, string>): number {
  let count = 0;
  for (const number of objects.keys()) count = Math.max(count, number + 1);
  return count;
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function ambiguous(barcode: string, one: string, other: string): StrongroomError {
  return new StrongroomError("mismatch", "OBJECT_AMBIGUOUS", `volume ${barcode} has ${one} and ${other}, of which only one `
    + "can be genuine", {
    hint: "use another copy of the volume",
  });
}
