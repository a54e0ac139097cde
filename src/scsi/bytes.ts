/** Big-endian fields of SCSI structures. The readers expect the caller to have checked that the field is there. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function be16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function be24(bytes: Uint8Array, at: number): number {
  return (be16(bytes, at) << 8) | (bytes[at + 2] ?? 0);
}

export function be32(bytes: Uint8Array, at: number): number {
  return be16(bytes, at) * 0x1_0000 + be16(bytes, at + 2);
}

/** Beyond 2^53 the nearest number: larger than anything a tape holds. */
export function be64(bytes: Uint8Array, at: number): number {
  return be32(bytes, at) * 0x1_0000_0000 + be32(bytes, at + 4);
}

/** The number in all of `bytes`, at most 8 of them: log parameters and attributes come in many widths. */
export function beNumber(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes.subarray(0, 8)) value = value * 256 + byte;
  return value;
}

/** Writes `value`, which must be an integer from 0, into `width` bytes; what does not fit becomes all ones. */
export function putNumber(target: Uint8Array, at: number, width: number, value: number): void {
  let rest = Math.min(value, 2 ** (width * 8) - 1);
  for (let index = at + width - 1; index >= at; index -= 1) {
    target[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** ASCII fields are padded with blanks, by some devices with zeros (SPC-5, 4.3.1); other bytes become `?`. */
export function asciiField(bytes: Uint8Array, at: number, width: number): string {
  const field = bytes.subarray(at, at + width);
  return [...field].map((byte) => (byte === 0 ? " " : byte < 0x20 || byte > 0x7e ? "?" : String.fromCharCode(byte))).join("").trim();
}

export function putAscii(target: Uint8Array, at: number, width: number, value: string): void {
  for (let index = 0; index < width; index += 1) {
    const code = index < value.length ? value.charCodeAt(index) : 0x20;
    target[at + index] = code >= 0x20 && code <= 0x7e ? code : 0x3f;
  }
}
