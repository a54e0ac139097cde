import type { SegmentSealer } from "../../formats/message/index.ts";
import type { ZstdFramer } from "../../formats/zstd/index.ts";
import type { ContentSink } from "./content.ts";

const slabBytes = 1024 * 1024;

/**
 * One segment's part of the tar stream on its way through the framer into the sealer. Everything passes through one slab that file
 * content is read straight into, so a byte of a file is copied once between the kernel and the cipher.
 */
export class SegmentStream implements ContentSink {
  readonly #slab = Buffer.allocUnsafeSlow(slabBytes);
  readonly #framer: ZstdFramer;
  readonly #sealer: SegmentSealer;
  #filledBytes = 0;
  #flushedBytes = 0;

  constructor(framer: ZstdFramer, sealer: SegmentSealer) {
    this.#framer = framer;
    this.#sealer = sealer;
  }

  /** Bytes of the tar stream so far. */
  get tarBytes(): number {
    return this.#flushedBytes + this.#filledBytes;
  }

  room(): Uint8Array {
    if (this.#filledBytes === slabBytes) this.flush();
    return this.#slab.subarray(this.#filledBytes);
  }

  /** `lengthBytes` free bytes in one piece: what is put there is taken by `tookHeader` and `took`, in that order. At most a quarter of the slab. */
  roomFor(lengthBytes: number): Uint8Array {
    if (slabBytes - this.#filledBytes < lengthBytes) this.flush();
    return this.#slab.subarray(this.#filledBytes, this.#filledBytes + lengthBytes);
  }

  tookHeader(lengthBytes: number): void {
    this.#filledBytes += lengthBytes;
  }

  took(lengthBytes: number): void {
    this.#sealer.hashContent(this.#slab.subarray(this.#filledBytes, this.#filledBytes + lengthBytes));
    this.#filledBytes += lengthBytes;
  }

  zeros(lengthBytes: number): void {
    this.#fill(lengthBytes, (lengthNow) => {
      this.took(lengthNow);
    });
  }

  endContent(): void {
    this.#sealer.endContent();
  }

  /** Header bytes: part of the stream, no content. */
  header(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const room = this.room();
      const part = bytes.subarray(done, done + room.length);
      room.set(part);
      this.#filledBytes += part.length;
      done += part.length;
    }
  }

  /** Zeros up to the next tar block: no content either. */
  pad(): void {
    this.#fill((512 - (this.tarBytes % 512)) % 512, (lengthNow) => {
      this.#filledBytes += lengthNow;
    });
  }

  /** Gives the slab back now, not when it is collected: segments follow each other faster than the collector comes. */
  dispose(): void {
    if (!this.#slab.buffer.detached) this.#slab.buffer.transfer(0);
  }

  flush(): void {
    if (this.#filledBytes === 0) return;
    this.#framer.frame(this.#slab.subarray(0, this.#filledBytes));
    this.#flushedBytes += this.#filledBytes;
    this.#filledBytes = 0;
  }

  #fill(lengthBytes: number, take: (lengthNow: number) => void): void {
    for (let left = lengthBytes; left > 0; ) {
      const room = this.room();
      const lengthNow = Math.min(left, room.length);
      room.fill(0, 0, lengthNow);
      take(lengthNow);
      left -= lengthNow;
    }
  }
}
