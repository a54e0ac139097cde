import type { BlockProtection, ReadResult, TapeDrive } from "../devices/tape/index.ts";
import type { ObjectReader } from "../formats/volume/index.ts";
import { blockGuardBytes, isGuardedBlock } from "../scsi/index.ts";
import { StrongroomError } from "../words/index.ts";
import type { TapeHead } from "./tape-medium.ts";

/** Blocks held ready while the caller works on the last one. */
const readAheadBlocks = 4;

interface Slot {
  readonly buffer: Buffer;
  readonly result: Promise<ReadResult>;
}

/**
 * Reads one tape file. A few blocks are read ahead into buffers that are used again, so that the drive goes on while the caller
 * hashes; the read that meets the filemark is the last, so nothing of the next object is touched. Protected blocks are checked here, as
 * the last thing before they are used.
 */
export class TapeReader implements ObjectReader {
  readonly #drive: TapeDrive;
  readonly #head: TapeHead;
  readonly #number: number;
  readonly #guardBytes: number;
  readonly #buffers: Buffer[];
  readonly #ahead: Slot[] = [];
  #last: Promise<ReadResult> = Promise.resolve({ kind: "block", sizeBytes: 0 });
  #first: Slot | undefined;
  #state: "reading" | "ended" | "closed" = "reading";

  constructor(drive: TapeDrive, head: TapeHead, number: number, largestBlockBytes: number, protection: BlockProtection) {
    this.#drive = drive;
    this.#head = head;
    this.#number = number;
    this.#guardBytes = protection === "off" ? 0 : blockGuardBytes;
    this.#buffers = Array.from({ length: readAheadBlocks }, () => Buffer.allocUnsafe(largestBlockBytes + this.#guardBytes));
  }

  /** Reads the first block; false when there is no such object. */
  async begin(): Promise<boolean> {
    this.#readAhead();
    this.#first = this.#ahead.shift()!;
    const result = await this.#first.result;
    if (result.kind !== "end-of-data") return true;
    this.#state = "closed";
    await this.#settle();
    return false;
  }

  async read(target: Uint8Array): Promise<number> {
    if (this.#state !== "reading") return 0;
    const slot = this.#first ?? this.#ahead.shift()!;
    this.#first = undefined;
    const result = await slot.result;
    if (result.kind === "block") {
      const received = slot.buffer.subarray(0, result.sizeBytes);
      if (this.#guardBytes > 0 && !isGuardedBlock(received)) throw damagedOnItsWay(this.#drive.name, this.#number);
      const block = received.subarray(0, result.sizeBytes - this.#guardBytes);
      if (block.length > target.length) {
        throw new StrongroomError("internal", "BLOCK_TOO_LARGE", "a buffer is smaller than a block of the tape; the tape is "
          + "not concerned");
      }
      target.set(block);
      this.#buffers.push(slot.buffer);
      this.#readAhead();
      return block.length;
    }
    this.#state = "ended";
    await this.#settle();
    if (result.kind === "end-of-data") throw unfinished(this.#number);
    this.#head.fileNumber = this.#number + 1;
    return 0;
  }

  async close(): Promise<void> {
    if (this.#state !== "closed") {
      if (this.#state === "reading") this.#last = this.#last.then(stop, stop);
      this.#state = "closed";
      await this.#settle();
      this.#head.busy = false;
    }
  }

  /** Each read waits for the one before and is not sent when that one was the last, or failed. */
  #readAhead(): void {
    for (let buffer = this.#buffers.pop(); buffer; buffer = this.#buffers.pop()) {
      const into = buffer;
      const result = this.#last.then((before) => {
        const goOn = before.kind === "block" && this.#state === "reading";
        return goOn ? this.#drive.readBlock(into) : before;
      });
      result.catch(() => undefined);
      this.#last = result;
      this.#ahead.push({ buffer: into, result });
    }
  }

  async #settle(): Promise<void> {
    await Promise.allSettled([this.#last]);
  }
}

const stop = (): ReadResult => ({ kind: "filemark" });

/** The tape may be sound: what the drive read and what arrived here are not the same. */
function damagedOnItsWay(drive: string, number: number): StrongroomError {
  return new StrongroomError(
    "mismatch",
    "BLOCK_DAMAGED_ON_ITS_WAY",
    `a block of object ${String(number)} came from drive ${drive} with a wrong CRC: it was damaged between the drive and this program; nothing of it was used`,
    { hint: "read it again; if it happens again, look at cables, adapter and memory, and use another drive" },
  );
}

export function unfinished(number: number): StrongroomError {
  return new StrongroomError(
    "mismatch",
    "OBJECT_UNFINISHED",
    `object ${String(number)} was never finished: the tape ends inside it; the objects before it are not concerned`,
    { hint: "read the segment from another copy; the next writing on this volume replaces it" },
  );
}
