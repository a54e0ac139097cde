import { definiteLength, partialLength } from "./packets.ts";

const chunkExponent = 17;
const chunkBytes = 2 ** chunkExponent;
/** The most that is put between two calls of `takeUnhashed`. */
export const stepBytesMax = 64 * 1024 + 128;

/**
 * The body of the encrypted packet, cut into partial lengths and handed to the sink. It remembers what it handed over until that
 * is hashed: hashing
 * one chunk runs beside encrypting the next, and so two buffers take turns.
 */
export class MessageBody {
  readonly #sink: (bytes: Uint8Array) => void;
  /** One octet of length, a chunk, and what was put beyond its end. */
  #filling = new Uint8Array(1 + chunkBytes + stepBytesMax);
  #resting = new Uint8Array(1 + chunkBytes + stepBytesMax);
  #filledBytes = 0;
  #unhashed: Uint8Array = none;
  #sizeBytes = 0;

  constructor(sink: (bytes: Uint8Array) => void) {
    this.#sink = sink;
  }

  /** Bytes given to the sink so far. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Straight to the sink, outside the body. The caller hashes them. */
  bare(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.length;
    this.#sink(bytes);
  }

  /**
   * What has to be hashed beside putting about `lengthBytes` more: as much again, or all of it when a chunk becomes whole and the
   * buffers change
   * places. The bytes stay unchanged while that is put.
   */
  takeUnhashed(lengthBytes: number): Uint8Array {
    const becomesWhole = this.#filledBytes + lengthBytes + 64 >= chunkBytes;
    const taken = becomesWhole ? this.#unhashed : this.#unhashed.subarray(0, lengthBytes + 64);
    this.#unhashed = this.#unhashed.subarray(taken.length);
    return taken;
  }

  /** Where the next bytes of the body belong. Valid until `took`. */
  room(lengthBytes: number): Uint8Array {
    const at = 1 + this.#filledBytes;
    return this.#filling.subarray(at, at + lengthBytes);
  }

  /** That much of `room` is filled. A chunk that is whole goes to the sink. */
  took(lengthBytes: number): void {
    this.#filledBytes += lengthBytes;
    if (this.#filledBytes < chunkBytes) return;
    this.#filling[0] = partialLength(chunkExponent);
    const chunk = this.#filling.subarray(0, 1 + chunkBytes);
    const rest = this.#filling.subarray(1 + chunkBytes, 1 + this.#filledBytes);
    this.#resting.set(rest, 1);
    [this.#filling, this.#resting] = [this.#resting, this.#filling];
    this.#filledBytes = rest.length;
    this.#unhashed = chunk;
    this.bare(chunk);
  }

  put(bytes: Uint8Array): void {
    this.room(bytes.length).set(bytes);
    this.took(bytes.length);
  }

  /** The last chunk, with its definite length, to the sink; returned for hashing. */
  end(): Uint8Array {
    const length = definiteLength(this.#filledBytes);
    const last = new Uint8Array(length.length + this.#filledBytes);
    last.set(length);
    last.set(this.#filling.subarray(1, 1 + this.#filledBytes), length.length);
    this.#filledBytes = 0;
    this.bare(last);
    return last;
  }

  /** Gives the buffers back now: a thread that seals one segment after the other would keep those of many until they are collected. */
  dispose(): void {
    this.#unhashed = none;
    for (const { buffer } of [this.#filling, this.#resting]) if (!buffer.detached) buffer.transfer(0);
  }
}

const none = new Uint8Array(0);
