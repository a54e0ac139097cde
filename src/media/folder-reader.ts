import type { FileHandle } from "node:fs/promises";
import type { ObjectReader } from "../formats/volume/index.ts";
import { folderFailure } from "./folder-failures.ts";

/** Reads one object's file from its start. */
export class FolderReader implements ObjectReader {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #onClose: () => void;
  #closed = false;

  constructor(handle: FileHandle, path: string, onClose: () => void) {
    this.#handle = handle;
    this.#path = path;
    this.#onClose = onClose;
  }

  async read(target: Uint8Array): Promise<number> {
    if (this.#closed) return 0;
    try {
      return (await this.#handle.read(target, 0, target.length)).bytesRead;
    } catch (error) {
      // In the words of media: whoever fetches must know a volume that fails from the own disk that does.
      throw folderFailure(error, this.#path);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#handle.close();
    } finally {
      this.#onClose();
    }
  }
}
