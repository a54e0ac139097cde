import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import { type KeyData, keyDataType } from "../../../src/scsi/index.ts";
import { be16, be32, field } from "../../wire/index.ts";

/**
 * How an encrypted block lies on a cartridge: in front of the ciphertext what a drive writes into its format beside it. A plain block
 * lies there as it is; only one that happens to begin like an envelope is put into one, so that nothing is ever taken for what it is not.
 *
 *     0  16  the sixteen bytes that no plain block begins with
 *    16   1  kind: 5Ah plain, A5h AES-256-GCM: no bit makes one of the other
 *    17   1  1: may be read in raw mode
 *    18   2  bytes of key-associated data
 *    20   4  bytes of the block
 *    24   8  which key: HMAC-SHA256 under it of a fixed text
 *    32  12  nonce
 *    44  16  tag; the associated data of GCM is everything before the nonce, and the key-associated data
 *    60      key-associated data: type, two bytes of length, value; then the ciphertext
 */
const headerBytes = 60;
const magic = Buffer.from("5eca1bb10c5a11d0ec2b7ea91e50c3d7", "hex");
const kinds = { plain: 0x5a, aesGcm: 0xa5 } as const;
const keyCheckText = "strongroom simulator: which key";

export interface BlockKey {
  readonly key: Uint8Array;
  readonly keyData: readonly KeyData[];
  readonly rawReadable: boolean;
}

/** An encrypted block as it lies on the cartridge. */
export interface Envelope {
  readonly blockBytes: number;
  readonly rawReadable: boolean;
  readonly keyData: readonly KeyData[];
  readonly bytes: Uint8Array;
}

/** Whether a block that begins like this may be in an envelope. 16 bytes are enough to tell. */
export function beginsLikeEnvelope(start: Uint8Array): boolean {
  return start.length >= magic.length && start[0] === magic[0] && magic.equals(start.subarray(0, magic.length));
}

/** What to record for a plain block: the block itself, nearly always. */
export function wrapPlain(block: Uint8Array): Uint8Array {
  return beginsLikeEnvelope(block) ? Buffer.concat([header(kinds.plain, false, 0, block.length), Buffer.alloc(36), block]) : block;
}

/**
 * Encrypts a block. The nonce is made of key, place and content: the same block at the same place gives the same bytes again, and nothing
 * else ever meets the same nonce, without a source of randomness.
 */
export function sealBlock(block: Uint8Array, objectNumber: number, { key, keyData, rawReadable }: BlockKey): Uint8Array {
  const associated = encodeKeyData(keyData);
  const head = Buffer.concat([header(kinds.aesGcm, rawReadable, associated.length, block.length), keyCheck(key)]);
  const nonce = createHmac("sha256", key).update(Uint8Array.from(field(objectNumber, 8))).update(block).digest().subarray(0, 12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.concat([head, associated]));
  const text = Buffer.concat([cipher.update(block), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), associated, text]);
}

/** What lies in a stored block that begins like an envelope: a plain block, an encrypted one, or bytes that fit no envelope. */
export function unwrap(stored: Uint8Array): { readonly plain: Uint8Array } | { readonly sealed: Envelope } | undefined {
  if (stored.length < headerBytes || !beginsLikeEnvelope(stored)) return undefined;
  const associatedBytes = be16(stored, 18);
  const blockBytes = be32(stored, 20);
  if (stored.length !== headerBytes + associatedBytes + blockBytes) return undefined;
  if (stored[16] === kinds.plain) return { plain: stored.subarray(headerBytes) };
  if (stored[16] !== kinds.aesGcm) return undefined;
  const keyData = decodeKeyData(stored.subarray(headerBytes, headerBytes + associatedBytes));
  return { sealed: { blockBytes, rawReadable: stored[17] === 1, keyData, bytes: stored } };
}

export function isKeyOf(envelope: Envelope, key: Uint8Array): boolean {
  return timingSafeEqual(keyCheck(key), envelope.bytes.subarray(24, 32));
}

/** Undefined when the content is not what was encrypted. */
export function openBlock({ bytes, blockBytes }: Envelope, key: Uint8Array): Uint8Array | undefined {
  const textAt = bytes.length - blockBytes;
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(32, 44));
  decipher.setAAD(Buffer.concat([bytes.subarray(0, 32), bytes.subarray(headerBytes, textAt)]));
  decipher.setAuthTag(bytes.subarray(44, headerBytes));
  const plain = decipher.update(bytes.subarray(textAt));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

function header(kind: number, rawReadable: boolean, associatedBytes: number, blockBytes: number): Buffer {
  return Buffer.concat([magic, Buffer.from([kind, rawReadable ? 1 : 0, ...field(associatedBytes, 2), ...field(blockBytes, 4)])]);
}

function keyCheck(key: Uint8Array): Buffer {
  return createHmac("sha256", key).update(keyCheckText).digest().subarray(0, 8);
}

function encodeKeyData(keyData: readonly KeyData[]): Buffer {
  return Buffer.concat(keyData.map(({ type, value }) => Buffer.concat([Buffer.from([type, ...field(value.length, 2)]), value])));
}

function decodeKeyData(bytes: Uint8Array): readonly KeyData[] {
  const found: KeyData[] = [];
  for (let at = 0; at + 3 <= bytes.length; ) {
    const next = at + 3 + be16(bytes, at + 1);
    found.push({ type: bytes[at] ?? keyDataType.metadata, value: bytes.slice(at + 3, next) });
    at = next;
  }
  return found;
}
