/** Packet types (RFC 9580, 5) that occur in messages of this project and of GnuPG. */
export const packetTypes = {
  publicKeySession: 1,
  signature: 2,
  passphraseSession: 3,
  onePassSignature: 4,
  compressed: 8,
  unprotected: 9,
  marker: 10,
  literal: 11,
  integrityProtected: 18,
  modificationCode: 19,
  /** LibrePGP's OCB packet, draft-koch-librepgp 5.16. */
  ocbEncrypted: 20,
  padding: 21,
} as const;

/** The type octet of a packet in the OpenPGP (new) format. */
export function typeOctet(type: number): number {
  return 0xc0 | type;
}

/** A definite length: RFC 9580, 4.2.1. Up to 2^32 - 1. */
export function definiteLength(lengthBytes: number): Uint8Array {
  if (lengthBytes < 192) return Uint8Array.of(lengthBytes);
  if (lengthBytes < 8384) return Uint8Array.of(192 + ((lengthBytes - 192) >> 8), (lengthBytes - 192) & 0xff);
  const octets = Buffer.alloc(5, 0xff);
  octets.writeUInt32BE(lengthBytes, 1);
  return octets;
}

/** The length octet of a chunk of 2^exponent bytes that is not the last of its body: RFC 9580, 4.2.1.4. */
export function partialLength(exponent: number): number {
  return 0xe0 | exponent;
}
