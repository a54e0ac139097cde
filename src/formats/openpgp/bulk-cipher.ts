import { createCipheriv } from "node:crypto";
import type { RandomBytes } from "../../words/index.ts";
import type { LaneInput, Lanes } from "./lanes.ts";
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
  };
}

/** The largest chunk that every reader takes, 4 MiB: setting up the cipher once per chunk is then nothing. */
const ocbChunkSizeOctet = 16;
const ocbChunkBytes = 2 ** (ocbChunkSizeOctet + 6);

/** Packet 20: AES-256-OCB in chunks, each with its own tag, and one over the whole length (draft-koch-librepgp, 5.16). */
export function ocbCipher(lanes: Lanes, body: MessageBody, sessionKey: Uint8Array): BodyCipher {
  const iv = new Uint8Array(15);
  let index = 0;
  let chunkFilledBytes = 0;
  let cipher: OcbCipher | undefined;
  const closeChunk = (): void => {
    if (!cipher) return;
    body.put(cipher.final());
    body.put(cipher.getAuthTag());
    cipher = undefined;
    index += 1;
    chunkFilledBytes = 0;
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
        cipher ??= createOcb(sessionKey, iv, index);
        const part = plain.subarray(at, at + ocbChunkBytes - chunkFilledBytes);
        body.put(cipher.update(part));
        at += part.length;
        chunkFilledBytes += part.length;
        if (chunkFilledBytes === ocbChunkBytes) closeChunk();
      }
    },
    finish() {
      const totalBytes = index * ocbChunkBytes + chunkFilledBytes;
      closeChunk();
      const last = createOcb(sessionKey, iv, index, totalBytes);
      last.final();
      body.put(last.getAuthTag());
    },
  };
}

type OcbCipher = ReturnType<typeof createOcb>;

function createOcb(key: Uint8Array, iv: Uint8Array, index: number, totalBytes?: number) {
  const cipher = createCipheriv("aes-256-ocb", key, ocbNonce(iv, index), { authTagLength: 16 });
  cipher.setAAD(ocbAssociatedData(ocbChunkSizeOctet, index, totalBytes));
  return cipher;
}
