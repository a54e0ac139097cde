import { be16, be32 } from "../bytes.ts";

/** Numbers that fit into the single-level formats (SAM-5, 4.7.5: peripheral up to 255, flat space up to 16383). */
export const largestLun = 0x3fff;

/** The eight bytes of a logical unit number from 0 to `largestLun`. */
export function encodeLun(lun: number): Uint8Array {
  const bytes = new Uint8Array(8);
  bytes[0] = lun > 0xff ? 0x40 | (lun >> 8) : 0;
  bytes[1] = lun & 0xff;
  return bytes;
}

/** Undefined for what is not one level deep, and for well-known units. */
export function decodeLun(bytes: Uint8Array): number | undefined {
  const first = be16(bytes, 0);
  if (bytes.length < 8 || be16(bytes, 2) !== 0 || be32(bytes, 4) !== 0) return undefined;
  const method = first >>> 14;
  if (method === 0) return first <= 0xff ? first : undefined;
  return method === 1 ? first & largestLun : undefined;
}

/** The units that REPORT LUNS lists (SPC-5, 6.33), as far as they have a simple number. */
export function parseReportedLuns(data: Uint8Array): readonly number[] {
  const end = Math.min(data.length, 8 + (data.length >= 4 ? be32(data, 0) : 0));
  const luns: number[] = [];
  for (let at = 8; at + 8 <= end; at += 8) {
    const lun = decodeLun(data.subarray(at, at + 8));
    if (lun !== undefined) luns.push(lun);
  }
  return luns;
}
