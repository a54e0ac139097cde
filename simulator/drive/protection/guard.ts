import { crc32c } from "@node-rs/crc32";
import { reedSolomonCrc } from "./reed-solomon.ts";

export const guardBytes = 4;

/** SSC-5, table 147: what is put behind a block. */
export const protectionMethod = { none: 0, reedSolomon: 1, crc32c: 2 } as const;

/** The four bytes behind a protected block: the remainder of Reed-Solomon from its highest byte on, CRC-32C from its lowest, as iSCSI has it. */
export function putGuard(method: number, target: Uint8Array, at: number, block: Uint8Array): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  if (method === protectionMethod.reedSolomon) view.setUint32(at, reedSolomonCrc(block));
  else view.setUint32(at, crc32c(block), true);
}

/** Whether the last four bytes are those of what is before them. */
export function isIntact(method: number, protectedBlock: Uint8Array): boolean {
  const end = protectedBlock.length - guardBytes;
  const made = new Uint8Array(guardBytes);
  putGuard(method, made, 0, protectedBlock.subarray(0, end));
  return made.every((byte, at) => byte === protectedBlock[end + at]);
}
