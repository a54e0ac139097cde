import { crc32c } from "@node-rs/crc32";

export const protectionBytes = 4;

/** The four bytes behind a protected block: CRC-32C, lowest byte first, as iSCSI has its digests and drives their blocks (SSC-5, annex). */
export function putCrc(target: Uint8Array, at: number, block: Uint8Array): void {
  const crc = crc32c(block);
  for (let byte = 0; byte < protectionBytes; byte += 1) target[at + byte] = (crc >>> (8 * byte)) & 0xff;
}

/** Whether the last four bytes are those of what is before them. */
export function isIntact(protectedBlock: Uint8Array): boolean {
  const end = protectedBlock.length - protectionBytes;
  const made = new Uint8Array(protectionBytes);
  putCrc(made, 0, protectedBlock.subarray(0, end));
  return made.every((byte, at) => byte === protectedBlock[end + at]);
}
