import { StrongroomError } from "../../words/index.ts";

/** Takes the body of one packet as it comes. */
export interface PacketBody {
  push(bytes: Uint8Array): void;
  /** The body is whole. */
  end(): void;
}

/** Told of every packet as it begins; says who takes its body, or throws. */
export type OnPacket = (type: number) => PacketBody;

export function messageDamaged(what: string, cause?: unknown): StrongroomError {
  return new StrongroomError("mismatch", "MESSAGE_DAMAGED", `the encrypted message is damaged: ${what}`, {
    hint: "use another copy of this segment",
    ...(cause === undefined ? {} : { cause }),
  });
}

const headBytesMax = 6;

/**
 * Cuts a stream into packets, split anywhere: lengths of both formats, definite, partial and (old format) open-ended.
 * Holds back no more than a packet's head.
 */
export class PacketReader {
  readonly #onPacket: OnPacket;
  readonly #head = Buffer.alloc(headBytesMax);
  #headBytes = 0;
  #body: PacketBody | undefined;
  #bodyLeftBytes = 0;
  /** After this part of the body, another length follows. */
  #partial = false;

  constructor(onPacket: OnPacket) {
    this.#onPacket = onPacket;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#body !== undefined && this.#bodyLeftBytes > 0) {
        const part = bytes.subarray(at, at + Math.min(this.#bodyLeftBytes, bytes.length - at));
        this.#bodyLeftBytes -= part.length;
        at += part.length;
        this.#body.push(part);
        this.#endBodyIfWhole();
      } else {
        this.#head[this.#headBytes++] = bytes[at++]!;
        this.#readHead();
      }
    }
  }

  finish(): void {
    if (this.#headBytes > 0) throw messageDamaged("it ends within a packet's head");
    if (this.#body === undefined) return;
    if (this.#bodyLeftBytes !== Infinity) throw messageDamaged("it ends too early");
    this.#body.end();
    this.#body = undefined;
  }

  #endBodyIfWhole(): void {
    if (this.#body === undefined || this.#bodyLeftBytes > 0 || this.#partial) return;
    const body = this.#body;
    this.#body = undefined;
    body.end();
  }

  /** Looks at the head so far; does nothing while it is incomplete. */
  #readHead(): void {
    if (this.#body !== undefined) {
      this.#readLength(0);
      return;
    }
    const tag = this.#head[0]!;
    if ((tag & 0x80) === 0) throw messageDamaged("a packet does not begin where one should");
    if ((tag & 0x40) !== 0) {
      if (this.#headBytes > 1) this.#readLength(1, tag & 0x3f);
      return;
    }
    // RFC 9580, 4.2.2: the length's own length in the two lowest bits.
    const lengthBytes = [1, 2, 4, 0][tag & 3]!;
    if (this.#headBytes < 1 + lengthBytes) return;
    this.#begin(lengthBytes === 0 ? Infinity : this.#head.readUIntBE(1, lengthBytes), false, (tag >> 2) & 0x0f);
  }

  /** New-format length at `at` of the head; with a type it begins a packet, without it continues one. */
  #readLength(at: number, type?: number): void {
    const first = this.#head[at]!;
    const have = this.#headBytes - at;
    if (first >= 224 && first < 255) this.#begin(2 ** (first & 0x1f), true, type);
    else if (first < 192) this.#begin(first, false, type);
    else if (first < 224 && have === 2) this.#begin(((first - 192) << 8) + this.#head[at + 1]! + 192, false, type);
    else if (first === 255 && have === 5) this.#begin(this.#head.readUInt32BE(at + 1), false, type);
  }

  #begin(lengthBytes: number, partial: boolean, type?: number): void {
    this.#headBytes = 0;
    this.#bodyLeftBytes = lengthBytes;
    this.#partial = partial;
    if (type !== undefined) this.#body = this.#onPacket(type);
    this.#endBodyIfWhole();
  }
}

/** A packet that means nothing here; `limitBytes` bounds what a hostile message makes us swallow. */
export function skippedBody(limitBytes: number, what: string): PacketBody {
  let seenBytes = 0;
  return {
    push(bytes) {
      seenBytes += bytes.length;
      if (seenBytes > limitBytes) throw messageDamaged(`${what} is too long`);
    },
    end: () => undefined,
  };
}
