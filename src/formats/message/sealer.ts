import type { RandomBytes } from "../../words/index.ts";
import { type BodyCipher, mdcCipher, nothingBeside, ocbCipher } from "./bulk-cipher.ts";
import { ContentQueue } from "./content-queue.ts";
import type { SealedMessage, SealingParameters, SegmentSealer } from "./contract.ts";
import { type Lanes, openLanes, type OpenLanes } from "./lanes.ts";
import { MessageBody } from "./message-body.ts";
import { definiteLength, packetTypes, partialLength, typeOctet } from "./packets.ts";

/**
 * Begins a message; the sink gets its first bytes before this returns. `lanes` is for tests: every way of making them gives the
 * same bytes.
 */
export function createSegmentSealer(
  parameters: SealingParameters,
  random: RandomBytes,
  sink: (bytes: Uint8Array) => void,
  lanes: OpenLanes = openLanes,
): SegmentSealer {
  if (parameters.sessionKey.length !== 32) throw new TypeError("the session key is not 32 bytes");
  try {
    return new Sealer(parameters, random, sink, lanes(parameters.sessionKey));
  } catch (error) {
    parameters.sessionKey.fill(0);
    throw error;
  }
}

/** Literal data of unknown length: binary, no name, no date (RFC 9580, 5.9). */
const literalHeader = Uint8Array.of(0x62, 0, 0, 0, 0, 0);
/** Small enough that a core's second-level cache holds a chunk with all that is made of it. */
const chunkExponent = 16;
const chunkBytes = 2 ** chunkExponent;
const none = new Uint8Array(0);

class Sealer implements SegmentSealer {
  readonly #sessionKey: Uint8Array;
  readonly #lanes: Lanes;
  readonly #body: MessageBody;
  readonly #cipher: BodyCipher;
  readonly #contents = new ContentQueue();
  /** One octet of length and one chunk of the literal packet. */
  readonly #chunk = new Uint8Array(1 + chunkBytes);
  #filledBytes = literalHeader.length;
  #ended = false;

  constructor(parameters: SealingParameters, random: RandomBytes, sink: (bytes: Uint8Array) => void, lanes: Lanes) {
    this.#sessionKey = parameters.sessionKey;
    this.#lanes = lanes;
    this.#body = new MessageBody(sink);
    this.#cipher = parameters.cipher === "mdc" ? mdcCipher(lanes, this.#body) : ocbCipher(lanes, this.#body, this.#sessionKey);
    this.#chunk[0] = partialLength(chunkExponent);
    this.#chunk.set(literalHeader, 1);
    const head = new Uint8Array(parameters.sessionKeyPackets.length + 1);
    head.set(parameters.sessionKeyPackets);
    head[head.length - 1] = typeOctet(this.#cipher.packetType);
    this.#body.bare(head);
    this.#hash(head);
    this.#cipher.start(random);
    this.#cipher.encrypt(Uint8Array.of(typeOctet(packetTypes.literal)), nothingBeside);
  }

  hashContent(bytes: Uint8Array): void {
    this.#contents.add(bytes);
  }

  endContent(): void {
    this.#contents.end();
  }

  seal(plain: Uint8Array | readonly Uint8Array[]): void {
    this.#refuseEnded();
    const stretches = plain instanceof Uint8Array ? [plain] : plain;
    let comingBytes = this.#filledBytes;
    for (const stretch of stretches) comingBytes += stretch.length;
    let chunksToCome = Math.floor(comingBytes / chunkBytes);
    for (const stretch of stretches) {
      for (let at = 0; at < stretch.length;) {
        const part = stretch.subarray(at, at + chunkBytes - this.#filledBytes);
        this.#chunk.set(part, 1 + this.#filledBytes);
        this.#filledBytes += part.length;
        at += part.length;
        if (this.#filledBytes < chunkBytes) continue;
        this.#encryptChunk(chunksToCome);
        chunksToCome -= 1;
      }
    }
    this.#drainContents();
  }

  finish(): SealedMessage {
    this.#refuseEnded();
    this.#drainContents();
    this.#encrypt(definiteLength(this.#filledBytes), 0);
    this.#encrypt(this.#chunk.subarray(1, 1 + this.#filledBytes), 0);
    this.#hash(this.#body.takeUnhashed(Infinity));
    this.#cipher.finish();
    this.#hash(this.#body.takeUnhashed(Infinity));
    this.#hash(this.#body.end());
    const sealed = {
      sizeBytes: this.#body.sizeBytes,
      sha256: this.#lanes.messageDigest(),
      contentDigests: this.#contents.digests(),
    };
    this.abandon();
    return sealed;
  }

  abandon(): void {
    this.#ended = true;
    this.#sessionKey.fill(0);
    this.#chunk.fill(0);
    this.#body.dispose();
    this.#cipher.dispose();
    this.#lanes.dispose();
  }

  /** Content is spread evenly over the chunks that this call of `seal` makes, so that all lanes end together. */
  #encryptChunk(chunksToCome: number): void {
    this.#encrypt(this.#chunk, Math.ceil(this.#contents.waitingBytes / chunksToCome));
    this.#filledBytes = 0;
  }

  #encrypt(plain: Uint8Array, contentBytes: number): void {
    const contents = this.#contents.take(contentBytes);
    const message = this.#body.takeUnhashed(plain.length);
    this.#cipher.encrypt(plain, { message, contents, digests: this.#contents.digestRoom(contents) });
  }

  #drainContents(): void {
    while (!this.#contents.isEmpty) {
      const contents = this.#contents.take(Infinity);
      this.#lanes.encrypt(none, none, { mdc: none, message: none, contents, digests: this.#contents.digestRoom(contents) });
    }
  }

  #hash(message: Uint8Array): void {
    if (message.length > 0) this.#lanes.encrypt(none, none, { mdc: none, message, contents: [], digests: none });
  }

  #refuseEnded(): void {
    if (this.#ended) throw new TypeError("the message was ended");
  }
}
