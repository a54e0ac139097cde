import { putNumber } from "../bytes.ts";
import { digestOf } from "./crc32c.ts";
import { headerBytes } from "./fields.ts";

/** Which parts of each PDU are followed by a digest (RFC 7143, 13.1); never during a login. */
export interface Digests {
  readonly header: boolean;
  readonly data: boolean;
}

export const noDigests: Digests = { header: false, data: false };
export const maxDataSegmentBytes = 0xff_ffff;
/** The length of additional headers is told in one byte, in words of four bytes. */
export const maxAdditionalBytes = 0xff * 4;

const noBytes = new Uint8Array(0);

/** Bytes that follow `length` bytes up to the next word. */
export function paddingBytes(length: number): number {
  return -length & 3;
}

/**
 * The PDU as the pieces that go to the wire one after the other. `header` is completed with the lengths; `data`, at most 2^24 - 1 bytes,
 * becomes a piece as it is and is not copied.
 */
export function frame(header: Uint8Array, data: Uint8Array = noBytes, digests: Digests = noDigests, additional: Uint8Array = noBytes): Uint8Array[] {
  const isTooLong = data.length > maxDataSegmentBytes || additional.length > maxAdditionalBytes;
  if (header.length !== headerBytes || isTooLong || additional.length % 4 !== 0) throw new RangeError("not the parts of a PDU");
  header[4] = additional.length / 4;
  putNumber(header, 5, 3, data.length);
  const pieces = [header];
  if (additional.length > 0) pieces.push(additional);
  if (digests.header) pieces.push(digestOf(header, additional));
  if (data.length === 0) return pieces;
  pieces.push(data);
  const padding = new Uint8Array(paddingBytes(data.length));
  if (padding.length > 0) pieces.push(padding);
  if (digests.data) pieces.push(digestOf(data, padding));
  return pieces;
}
