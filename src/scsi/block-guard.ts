import { crc32c } from "@node-rs/crc32";

/** What logical block protection puts behind each block with its second method, CRC-32C (SSC-5, 4.2.29). */
export const blockGuardBytes = 4;

/** The CRC of some bytes of a block, going on from that of the bytes before them. */
export function blockCrc(bytes: Uint8Array, before = 0): number {
  return crc32c(bytes, before);
}

/** Lowest byte first, as iSCSI has its digests: the order that drives take. */
export function putBlockGuard(target: Uint8Array, at: number, crc: number): void {
  for (let byte = 0; byte < blockGuardBytes; byte += 1) target[at + byte] = (crc >>> (8 * byte)) & 0xff;
}

/** Whether a block that ends with its guard is what the guard was made of. */
export function isGuardedBlock(bytes: Uint8Array): boolean {
  const end = bytes.length - blockGuardBytes;
  if (end <= 0) return false;
  const crc = blockCrc(bytes.subarray(0, end));
  for (let byte = 0; byte < blockGuardBytes; byte += 1) if (bytes[end + byte] !== ((crc >>> (8 * byte)) & 0xff)) return false;
  return true;
}
