import { packetTypes, typeOctet } from "./packets.ts";

/**
 * draft-koch-librepgp, 5.16: packet type, version, AES-256, OCB, chunk size, chunk index, and for the last tag the length of the
 * whole plaintext.
 */
export function ocbAssociatedData(chunkSizeOctet: number, index: number, totalBytes?: number): Uint8Array {
  const data = Buffer.alloc(totalBytes === undefined ? 13 : 21);
  data.set([typeOctet(packetTypes.ocbEncrypted), 1, 9, 2, chunkSizeOctet]);
  data.writeBigUInt64BE(BigInt(index), 5);
  if (totalBytes !== undefined) data.writeBigUInt64BE(BigInt(totalBytes), 13);
  return data;
}

/** The 15-byte IV with the chunk index XORed into its last eight bytes. */
export function ocbNonce(iv: Uint8Array, index: number): Uint8Array {
  const nonce = Buffer.from(iv);
  nonce.writeBigUInt64BE(nonce.readBigUInt64BE(7) ^ BigInt(index), 7);
  return nonce;
}
