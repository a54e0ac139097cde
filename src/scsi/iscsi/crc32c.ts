import { crc32c as castagnoli } from "@node-rs/crc32";
import { putNumber } from "../bytes.ts";

/** The digest of iSCSI (RFC 7143, 13.1) over some pieces, as the four bytes on the wire: the CRC with its lowest byte first. */
export function digestOf(...pieces: readonly Uint8Array[]): Uint8Array {
  let crc = 0;
  for (const piece of pieces) crc = castagnoli(piece, crc);
  const digest = new Uint8Array(4);
  putNumber(digest, 0, 4, crc);
  return digest.reverse();
}
