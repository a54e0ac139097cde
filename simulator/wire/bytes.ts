/** Big-endian fields, as every SCSI structure has them. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function be16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

export function be24(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

export function be32(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getUint32(at);
}

/** Values that a number cannot hold exactly come out as the nearest one: far behind any end of data. */
export function be64(bytes: Uint8Array, at: number): number {
  return Number(viewOf(bytes).getBigUint64(at));
}

/** The field of `width` bytes for a number; too large a number becomes all ones, as counters that overflow do. */
export function field(value: number, width: number): number[] {
  const limit = 2 ** (width * 8);
  let rest = value < 0 ? value + limit : Math.min(value, limit - 1);
  const bytes = new Array<number>(width);
  for (let at = width - 1; at >= 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** ASCII, left-aligned, cut or filled with blanks to `width`. */
export function text(value: string, width: number): number[] {
  return [...Buffer.from(value.padEnd(width).slice(0, width), "latin1")];
}
