import type { BlockProtection, TapeDrive } from "../devices/tape/index.ts";
import type { ObjectWriter } from "../formats/volume/index.ts";
import { blockCrc, blockGuardBytes, putBlockGuard } from "../scsi/index.ts";
import { StrongroomError } from "../words/index.ts";
import type { TapeHead } from "./tape-medium.ts";

/**
 * Writes one tape file. Whole blocks go from the caller's bytes to the drive as they are; only what straddles two calls is
 * copied. Protected blocks are all copied, because their guard must follow them; it is made of the caller's bytes, not of the copy.
 */
export class TapeWriter implements ObjectWriter {
  readonly #drive: TapeDrive;
  readonly #head: TapeHead;
  readonly #number: number;
  readonly #blockSizeBytes: number;
  readonly #isProtected: boolean;
  readonly #pending: Buffer;
  #pendingBytes = 0;
  #pendingCrc = 0;
  #nearEnd = false;
  #state: "open" | "full" | "closed" = "open";

  constructor(drive: TapeDrive, head: TapeHead, number: number, blockSizeBytes: number, protection: BlockProtection) {
    this.#drive = drive;
    this.#head = head;
    this.#number = number;
    this.#blockSizeBytes = blockSizeBytes;
    this.#isProtected = protection !== "off";
    this.#pending = Buffer.allocUnsafe(blockSizeBytes + (this.#isProtected ? blockGuardBytes : 0));
  }

  async write(bytes: Uint8Array): Promise<"written" | "early-warning" | "full"> {
    this.#mustBeOpen();
    const blockSizeBytes = this.#blockSizeBytes;
    let at = 0;
    while (at < bytes.length && this.#state === "open") {
      if (!this.#isProtected && this.#pendingBytes === 0 && bytes.length - at >= blockSizeBytes) {
        await this.#block(bytes.subarray(at, at + blockSizeBytes));
        at += blockSizeBytes;
        continue;
      }
      const part = bytes.subarray(at, at + blockSizeBytes - this.#pendingBytes);
      if (this.#isProtected) this.#pendingCrc = blockCrc(part, this.#pendingCrc);
      this.#pending.set(part, this.#pendingBytes);
      this.#pendingBytes += part.length;
      at += part.length;
      if (this.#pendingBytes === blockSizeBytes) await this.#flush();
    }
    if (this.#full) return "full";
    return this.#nearEnd ? "early-warning" : "written";
  }

  async finish(): Promise<"finished" | "full"> {
    this.#mustBeOpen();
    if (this.#pendingBytes > 0) await this.#flush();
    if (this.#full) return "full";
    if ((await this.#orDoubt(() => this.#drive.bufferFilemarks(1))) === "end-of-medium") {
      this.#state = "full";
      return "full";
    }
    this.#head.unsynced = { first: this.#head.unsynced?.first ?? this.#number, files: this.#number + 1 };
    this.#close(this.#number + 1);
    return "finished";
  }

  async abandon(): Promise<void> {
    if (this.#state !== "closed") this.#close(undefined);
    await Promise.resolve();
  }

  get #full(): boolean {
    return this.#state === "full";
  }

  async #flush(): Promise<void> {
    const sizeBytes = this.#pendingBytes;
    if (this.#isProtected) putBlockGuard(this.#pending, sizeBytes, this.#pendingCrc);
    this.#pendingBytes = 0;
    this.#pendingCrc = 0;
    await this.#block(this.#pending.subarray(0, sizeBytes + (this.#isProtected ? blockGuardBytes : 0)));
  }

  async #block(block: Uint8Array): Promise<void> {
    const result = await this.#orDoubt(() => this.#drive.writeBlock(block));
    if (result === "early-warning" || result === "programmed-warning") this.#nearEnd = true;
    if (result === "end-of-medium") this.#state = "full";
  }

  /** An error of this object may be one of those before it. */
  async #orDoubt<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      this.#head.doubtful = this.#head.unsynced !== undefined;
      throw error;
    }
  }

  #close(fileNumber: number | undefined): void {
    this.#state = "closed";
    this.#head.fileNumber = fileNumber;
    this.#head.busy = false;
  }

  #mustBeOpen(): void {
    if (this.#state !== "open") {
      throw new StrongroomError("internal", "OBJECT_CLOSED", "an object that is closed or hit the end of the medium was "
        + "written to");
    }
  }
}
