import { timingSafeEqual } from "node:crypto";
import { type Lanes } from "./lanes.ts";
import { LiteralReader } from "./literal-reader.ts";
import { messageDamaged, type PacketBody } from "./packet-reader.ts";
import { packetTypes, typeOctet } from "./packets.ts";

const stepBytes = 64 * 1024;
/** The modification detection packet: type, length and SHA-1. It is known as such only when nothing follows. */
const codeBytes = 22;
const prefixBytes = 18;
const none = new Uint8Array(0);

/** The body of a SEIPDv1 packet (RFC 9580, 5.13.1). */
export class MdcOpener implements PacketBody {
  readonly #lanes: Lanes;
  readonly #inside: LiteralReader;
  /**
   * What may be the code, then a step of plaintext; the other buffer holds the step before until it is hashed beside the next.
   */
  #filling = new Uint8Array(codeBytes + stepBytes);
  #resting = new Uint8Array(codeBytes + stepBytes);
  #heldBytes = 0;
  #unhashed: Uint8Array = none;
  #versionSeen = false;
  #prefixLeftBytes = prefixBytes;

  constructor(lanes: Lanes, sink: (plain: Uint8Array) => void) {
    this.#lanes = lanes;
    this.#inside = new LiteralReader(sink);
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    if (!this.#versionSeen) {
      if (bytes[0] !== 1) throw messageDamaged("its encryption is of an unknown version");
      this.#versionSeen = true;
      at = 1;
    }
    for (; at < bytes.length; at += stepBytes) this.#step(bytes.subarray(at, at + stepBytes));
  }

  end(): void {
    if (!this.#versionSeen || this.#heldBytes < codeBytes || this.#prefixLeftBytes > 0) throw messageDamaged("it is too short");
    this.#hash(this.#unhashed);
    const code = this.#filling.subarray(0, codeBytes);
    this.#hash(code.subarray(0, 2));
    const right = code[0] === typeOctet(packetTypes.modificationCode) && code[1] === 20;
    if (!right || !timingSafeEqual(code.subarray(2), this.#lanes.mdc())) throw messageDamaged("its integrity code is wrong");
    this.#inside.finish();
  }

  #step(cipher: Uint8Array): void {
    const endAt = this.#heldBytes + cipher.length;
    this.#lanes.decrypt(cipher, this.#filling.subarray(this.#heldBytes, endAt), {
      mdc: this.#unhashed, message: none, contents: [], digests: none,
    });
    const released = this.#filling.subarray(0, Math.max(0, endAt - codeBytes));
    const held = this.#filling.subarray(released.length, endAt);
    this.#resting.set(held);
    this.#heldBytes = held.length;
    this.#unhashed = released;
    [this.#filling, this.#resting] = [this.#resting, this.#filling];
    const skipped = Math.min(this.#prefixLeftBytes, released.length);
    this.#prefixLeftBytes -= skipped;
    if (released.length > skipped) this.#inside.push(released.subarray(skipped));
  }

  #hash(bytes: Uint8Array): void {
    this.#lanes.decrypt(none, none, { mdc: bytes, message: none, contents: [], digests: none });
    this.#unhashed = none;
  }
}
