import type { FileHandle } from "node:fs/promises";
import type { ObjectReader } from "../formats/volume/index.ts";

/** Reads one object's file from its start. */
export class FolderReader implements ObjectReader {
  readonly #handle: FileHandle;
  readonly #onClose: () => void;
  #closed = false;

  constructor(handle: FileHandle, onClose: () => void) {
    this.#handle = handle;
    this.#onClose = onClose;
  }

  async read(target: Uint8Array): Promise<number> {
    return this.#closed ? 0 : (await this.#handle.read(target, 0, target.length)).bytesRead;
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
