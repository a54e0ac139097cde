import { createDecipheriv } from "node:crypto";
import { LiteralReader } from "./literal-reader.ts";
import { messageDamaged, type PacketBody } from "./packet-reader.ts";
import { ocbAssociatedData, ocbNonce } from "./ocb.ts";

const tagBytes = 16;
/** Version, cipher, mode, chunk size and IV. */
const headBytes = 19;
/** What may be the last chunk's tag and the final one. */
const tailBytes = 2 * tagBytes;
const stepBytes = 128 * 1024;
/** 2^(40 + 6) bytes a chunk is far beyond what anybody writes and still an exact number. */
const chunkSizeOctetMax = 40;

/** The body of packet 20 with AES-256-OCB (draft-koch-librepgp, 5.16). Chunks of any size are streamed, never gathered. */
export class OcbOpener implements PacketBody {
  readonly #sessionKey: Uint8Array;
  readonly #inside: LiteralReader;
  readonly #head = new Uint8Array(headBytes);
  #headFilledBytes = 0;
  /** Held back from the end of what was pushed, followed by the push under way. */
  #held = new Uint8Array(0);
  #chunkBytes = 0;
  #chunkDoneBytes = 0;
  #index = 0;
  #decipher: OcbDecipher | undefined;

  constructor(sessionKey: Uint8Array, sink: (plain: Uint8Array) => void) {
    this.#sessionKey = sessionKey;
    this.#inside = new LiteralReader(sink);
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (this.#headFilledBytes < headBytes && at < bytes.length) {
      this.#head[this.#headFilledBytes++] = bytes[at++]!;
      if (this.#headFilledBytes === headBytes) this.#readHead();
    }
    for (; at < bytes.length; at += stepBytes) this.#step(bytes.subarray(at, at + stepBytes));
  }

  end(): void {
    if (this.#headFilledBytes < headBytes || this.#held.length < tailBytes) throw messageDamaged("it is too short");
    const totalBytes = this.#index * this.#chunkBytes + this.#chunkDoneBytes;
    this.#closeChunk(this.#held.subarray(0, tagBytes));
    const last = this.#begin(totalBytes);
    last.setAuthTag(this.#held.subarray(tagBytes));
    finalOf(last);
    this.#inside.finish();
  }

  #readHead(): void {
    const [version, cipher, mode, chunkSizeOctet] = this.#head;
    if (version !== 1 || cipher !== 9 || mode !== 2) throw messageDamaged("it is not AES-256 in OCB mode");
    if (chunkSizeOctet! > chunkSizeOctetMax) throw messageDamaged("its chunks are impossibly large");
    this.#chunkBytes = 2 ** (chunkSizeOctet! + 6);
  }

  #step(bytes: Uint8Array): void {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    let at = 0;
    while (all.length - at > tailBytes) {
      if (this.#chunkDoneBytes === this.#chunkBytes) {
        this.#closeChunk(all.subarray(at, at + tagBytes));
        at += tagBytes;
        continue;
      }
      this.#decipher ??= this.#begin();
      const lengthBytes = Math.min(all.length - tailBytes - at, this.#chunkBytes - this.#chunkDoneBytes);
      const plain = this.#decipher.update(all.subarray(at, at + lengthBytes));
      this.#chunkDoneBytes += lengthBytes;
      at += lengthBytes;
      this.#inside.push(plain);
    }
    this.#held = Uint8Array.from(all.subarray(at));
  }

  #closeChunk(tag: Uint8Array): void {
    const decipher = this.#decipher ?? this.#begin();
    decipher.setAuthTag(tag);
    this.#inside.push(finalOf(decipher));
    this.#decipher = undefined;
    this.#index += 1;
    this.#chunkDoneBytes = 0;
  }

  #begin(totalBytes?: number): OcbDecipher {
    return createOcbDecipher(this.#sessionKey, this.#head, this.#index, totalBytes);
  }
}

type OcbDecipher = ReturnType<typeof createOcbDecipher>;

function createOcbDecipher(key: Uint8Array, head: Uint8Array, index: number, totalBytes?: number) {
  const decipher = createDecipheriv("aes-256-ocb", key, ocbNonce(head.subarray(4), index), { authTagLength: tagBytes });
  decipher.setAAD(ocbAssociatedData(head[3]!, index, totalBytes));
  return decipher;
}

function finalOf(decipher: { final(): Buffer }): Buffer {
  try {
    return decipher.final();
  } catch (error) {
    throw messageDamaged("an authentication tag is wrong", error);
  }
}
