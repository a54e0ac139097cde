import type { RandomBytes } from "../../words/index.ts";
import { type LaneInput, type Lanes, openOcb } from "./lanes.ts";
import type { MessageBody } from "./message-body.ts";
import { ocbAssociatedData, ocbNonce } from "./ocb.ts";
import { packetTypes, typeOctet } from "./packets.ts";

/** What runs beside one step of encryption. */
export type Beside = Omit<LaneInput, "mdc">;

/**
 * One way to encrypt the body of a message: the inside is a stream of packets, given in steps of at most `roomBytesMax` bytes.
 */
export interface BodyCipher {
  readonly packetType: number;
  /** Writes what stands in front of the first packet. */
  start(random: RandomBytes): void;
  encrypt(plain: Uint8Array, beside: Beside): void;
  /** Writes what stands behind the last packet. */
  finish(): void;
  /** Zeroes what it knows of the key beyond the lanes. May be called at any time and again. */
  dispose(): void;
}

const none = new Uint8Array(0);
export const nothingBeside: Beside = { message: none, contents: [], digests: none };

/** SEIPDv1: AES-256-CFB under a zero IV with a random prefix, closed by the SHA-1 of everything (RFC 9580, 5.13.1). */
export function mdcCipher(lanes: Lanes, body: MessageBody): BodyCipher {
  const encrypt = (plain: Uint8Array, beside: Beside): void => {
    lanes.encrypt(plain, body.room(plain.length), { mdc: plain, ...beside });
    body.took(plain.length);
  };
  return {
    packetType: packetTypes.integrityProtected,
    start(random) {
      body.put(Uint8Array.of(1));
      const prefix = new Uint8Array(18);
      random(prefix.subarray(0, 16));
      prefix.copyWithin(16, 14, 16);
      encrypt(prefix, nothingBeside);
    },
    encrypt,
    finish() {
      encrypt(Uint8Array.of(typeOctet(packetTypes.modificationCode), 20), nothingBeside);
      encrypt(lanes.mdc(), nothingBeside);
    },
    dispose: () => undefined,
  };
}

/** The largest chunk that every reader takes, 4 MiB: setting up the cipher once per chunk is then nothing. */
const ocbChunkSizeOctet = 16;
const ocbChunkBytes = 2 ** (ocbChunkSizeOctet + 6);

/** What an update may write beyond its input: bytes held back before. */
const ocbHeldBytesMax = 15;
/** Held bytes and a tag. */
const ocbEndBytesMax = ocbHeldBytesMax + 16;

/** Packet 20: AES-256-OCB in chunks, each with its own tag, and one over the whole length (draft-koch-librepgp, 5.16). */
export function ocbCipher(lanes: Lanes, body: MessageBody, sessionKey: Uint8Array): BodyCipher {
  const ocb = openOcb(sessionKey);
  const iv = new Uint8Array(15);
  let index = 0;
  let chunkFilledBytes = 0;
  const beginChunk = (totalBytes?: number): void => {
    ocb.start(ocbNonce(iv, index), ocbAssociatedData(ocbChunkSizeOctet, index, totalBytes));
  };
  const closeChunk = (): void => {
    body.took(ocb.finish(body.room(ocbEndBytesMax)));
  };
  return {
    packetType: packetTypes.ocbEncrypted,
    start(random) {
      random(iv);
      body.put(Uint8Array.of(1, 9, 2, ocbChunkSizeOctet, ...iv));
    },
    encrypt(plain, beside) {
      // First, while what they hash is still untouched by what follows.
      lanes.encrypt(none, none, { mdc: none, ...beside });
      for (let at = 0; at < plain.length; ) {
        if (chunkFilledBytes === 0) beginChunk();
        const part = plain.subarray(at, at + ocbChunkBytes - chunkFilledBytes);
        body.took(ocb.update(part, body.room(part.length + ocbHeldBytesMax)));
        at += part.length;
        chunkFilledBytes += part.length;
        if (chunkFilledBytes < ocbChunkBytes) continue;
        closeChunk();
        index += 1;
        chunkFilledBytes = 0;
      }
    },
    finish() {
      const totalBytes = index * ocbChunkBytes + chunkFilledBytes;
      if (chunkFilledBytes > 0) {
        closeChunk();
        index += 1;
      }
      beginChunk(totalBytes);
      closeChunk();
    },
    dispose() {
      ocb.dispose();
    },
  };
}
