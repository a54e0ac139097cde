import { closeSync, ftruncateSync, writeSync } from "node:fs";
import { unlinkAt } from "posix-entries";
import { storedSizeBytes, type TarEntry } from "../../../formats/tar/index.ts";
import { isDiskFull, printable, StrongroomError } from "../../../words/index.ts";
import type { FileWriter } from "./contract.ts";
import type { Note } from "./metadata.ts";

/** What a file needs of the tree it goes to. */
export interface FilePlace {
  /** Calls back with the directory's descriptor, opened anew when it was closed meanwhile. */
  within<T>(act: (directoryFd: number) => T): T;
  /** Metadata and the final name; false when it was left out after all, and noted. */
  settle(temporaryName: Buffer): boolean;
  /** The file is closed, one way or the other. */
  closed(made: boolean): void;
}

export class TargetFile implements FileWriter {
  readonly #entry: TarEntry;
  readonly #temporaryName: Buffer;
  readonly #place: FilePlace;
  readonly #note: Note;
  readonly #storedBytes: number;
  #fd: number | undefined;
  #writtenBytes = 0;
  #failed = false;

  constructor(entry: TarEntry, fd: number, temporaryName: Buffer, place: FilePlace, note: Note) {
    this.#entry = entry;
    this.#fd = fd;
    this.#temporaryName = temporaryName;
    this.#place = place;
    this.#note = note;
    this.#storedBytes = storedSizeBytes(entry);
  }

  write(offsetBytes: number, bytes: Uint8Array): void {
    if (offsetBytes < 0 || offsetBytes + bytes.length > this.#entry.sizeBytes) {
      throw new StrongroomError("internal", "WRITE_BEYOND_FILE", "content was given for a place behind the end of its file");
    }
    const fd = this.#openFd();
    if (this.#failed) return;
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, offsetBytes + done);
      this.#writtenBytes += bytes.length;
    } catch (error) {
      this.#fail(error);
    }
  }

  writeStored(storedOffsetBytes: number, bytes: Uint8Array): void {
    const map = this.#entry.sparseMap;
    if (!map) {
      this.write(storedOffsetBytes, bytes);
      return;
    }
    let storedAt = 0;
    let done = 0;
    for (const { offsetBytes, lengthBytes } of map) {
      const from = storedOffsetBytes + done - storedAt;
      if (from < lengthBytes) {
        const part = bytes.subarray(done, done + lengthBytes - from);
        if (part.length > 0) this.write(offsetBytes + from, part);
        done += part.length;
        if (done === bytes.length) return;
      }
      storedAt += lengthBytes;
    }
    throw new StrongroomError("internal", "WRITE_BEYOND_FILE", "content was given for a place behind the end of its file");
  }

  complete(): boolean {
    const fd = this.#openFd();
    if (!this.#failed && this.#writtenBytes < this.#storedBytes) {
      const text = `${printable(this.#entry.path)}: its content is not whole; it was not restored`;
      this.#note("err", "FILE_INCOMPLETE", this.#entry.path, text);
      this.#failed = true;
    }
    // The hole at the end, or all of a file that is one hole.
    if (!this.#failed) {
      this.#attempt(() => {
        ftruncateSync(fd, this.#entry.sizeBytes);
      });
    }
    if (this.#failed) {
      this.abandon();
      return false;
    }
    this.#close();
    const made = this.#place.settle(this.#temporaryName);
    if (!made) this.#remove();
    this.#place.closed(made);
    return made;
  }

  abandon(): void {
    if (this.#fd === undefined) return;
    this.#close();
    this.#remove();
    this.#place.closed(false);
  }

  #openFd(): number {
    if (this.#fd !== undefined) return this.#fd;
    throw new StrongroomError("internal", "FILE_CLOSED", "content was given for a file that is complete or abandoned");
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    throwIfFull(error);
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    this.#note(
      "err",
      "FILE_NOT_WRITTEN",
      this.#entry.path,
      `${printable(this.#entry.path)} could not be written (${reason}); it was not restored`,
    );
    this.#failed = true;
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #remove(): void {
    try {
      this.#place.within((directoryFd) => {
        unlinkAt(directoryFd, this.#temporaryName, false);
      });
    } catch {
      // Gone with its directory, or already renamed: nothing of ours is left.
    }
  }
}

/** The one trouble that the rest cannot go on with. */
export function throwIfFull(error: unknown): void {
  if (!isDiskFull(error)) return;
  throw new StrongroomError("failed", "TARGET_FULL", "the target has no room left; what was restored so far is whole", {
    severity: "fatal",
    hint: "make room or restore to a larger file system, then run the same command again with --when-exists replace",
    cause: error,
  });
}
