import type { FileHandle } from "node:fs/promises";
import type { ObjectWriter } from "../formats/volume/index.ts";
import { StrongroomError } from "../words/index.ts";
import { folderFailure, isFull } from "./folder-failures.ts";

/** How a written file becomes an object, or none. */
export interface FolderEnding {
  /** Syncs, closes and names the file. */
  complete(handle: FileHandle): Promise<"finished" | "full">;
  /** Removes what was written. */
  give(): void;
}

/** Writes one object under a temporary name. */
export class FolderWriter implements ObjectWriter {
  readonly #handle: FileHandle;
  readonly #ending: FolderEnding;
  #roomBytes: number;
  #state: "open" | "full" | "closed" = "open";

  constructor(handle: FileHandle, roomBytes: number, ending: FolderEnding) {
    this.#handle = handle;
    this.#roomBytes = roomBytes;
    this.#ending = ending;
  }

  async write(bytes: Uint8Array): Promise<"written" | "full"> {
    this.#mustBeOpen();
    if (bytes.length > this.#roomBytes) return this.#becomeFull();
    try {
      for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at, bytes.length - at)).bytesWritten;
    } catch (error) {
      if (isFull(error)) return this.#becomeFull();
      throw folderFailure(error, "the volume's folder");
    }
    this.#roomBytes -= bytes.length;
    return "written";
  }

  async finish(): Promise<"finished" | "full"> {
    this.#mustBeOpen();
    try {
      if ((await this.#ending.complete(this.#handle)) === "full") return this.#becomeFull();
    } catch (error) {
      // Given up here as well: a file that stays open would end the process when it is collected.
      await this.abandon();
      throw error;
    }
    this.#state = "closed";
    return "finished";
  }

  async abandon(): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closed";
    try {
      await this.#handle.close();
    } finally {
      this.#ending.give();
    }
  }

  #becomeFull(): "full" {
    this.#state = "full";
    return "full";
  }

  #mustBeOpen(): void {
    if (this.#state !== "open") {
      throw new StrongroomError("internal", "OBJECT_CLOSED", "an object that is closed or met a full disk was written to");
    }
  }
}
