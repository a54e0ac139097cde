import { createPortableLanes } from "bulk-seal";
import { type BulkCipher, createSegmentOpener, createSegmentSealer, type SealedMessage } from "../../../src/formats/message/index.ts";

export const ciphers: readonly BulkCipher[] = ["mdc", "ocb"];
export const sessionKey = Uint8Array.from({ length: 32 }, (_, at) => at * 7 + 1);

/** Randomness that is the same every time. */
export function seededRandom(seed: number): (target: Uint8Array) => void {
  let state = seed;
  return (target) => {
    for (let at = 0; at < target.length; at++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      target[at] = state >>> 24;
    }
  };
}

export function noise(lengthBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  seededRandom(seed)(bytes);
  return bytes;
}

export interface Sealed extends SealedMessage {
  readonly message: Uint8Array;
}

export interface Sealing {
  readonly cipher: BulkCipher;
  readonly plain: readonly (Uint8Array | readonly Uint8Array[])[];
  readonly packets?: Uint8Array;
  /** Contents to hash: before each `seal`, these stretches and end marks. */
  readonly contents?: readonly (readonly (Uint8Array | null)[])[];
  readonly portable?: boolean;
}

export function sealAll({ cipher, plain, packets = new Uint8Array(0), contents = [], portable = false }: Sealing): Sealed {
  const pieces: Buffer[] = [];
  const sealer = createSegmentSealer(
    { cipher, sessionKeyPackets: packets, sessionKey: Uint8Array.from(sessionKey) },
    seededRandom(42),
    (bytes) => {
      pieces.push(Buffer.from(bytes));
    },
    ...(portable ? [createPortableLanes] : []),
  );
  plain.forEach((piece, index) => {
    for (const stretch of contents[index] ?? []) {
      if (stretch === null) sealer.endContent();
      else sealer.hashContent(stretch);
    }
    sealer.seal(piece);
  });
  const sealed = sealer.finish();
  return { ...sealed, message: Buffer.concat(pieces) };
}

export function openAll(message: Uint8Array, stepBytes = message.length, key: Uint8Array = sessionKey, portable = false): Buffer {
  const pieces: Buffer[] = [];
  const opener = createSegmentOpener(
    Uint8Array.from(key),
    (bytes) => {
      pieces.push(Buffer.from(bytes));
    },
    ...(portable ? [createPortableLanes] : []),
  );
  for (let at = 0; at < message.length; at += stepBytes) opener.push(message.subarray(at, at + stepBytes));
  opener.finish();
  return Buffer.concat(pieces);
}
