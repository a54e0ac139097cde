import { crc32c } from "@node-rs/crc32";
import { be16 } from "./bytes.ts";
import { vitalPage } from "./inquiry.ts";

/** What logical block protection puts behind each block with its second method, CRC-32C (SSC-5, 4.2.29). */
export const blockGuardBytes = 4;

/** The logical block protection page of vital product data (SSC-5, 8.5.7): the methods that a drive has. Undefined when it is another page. */
export function parseProtectionMethods(page: Uint8Array): readonly number[] | undefined {
  if (page.length < 8 || page[1] !== vitalPage.blockProtection) return undefined;
  const end = Math.min(page.length, 4 + be16(page, 2));
  const methods: number[] = [];
  for (let at = 8; at + 1 < end; at += 1 + (page[at] ?? 0)) methods.push(page[at + 1] ?? 0);
  return methods;
}

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
