/** A tar archive is a row of blocks of this size (POSIX.1-2017, pax, "ustar Interchange Format"). */
export const blockBytes = 512;

/** Two blocks of zeros: behind them there is nothing. */
export const endOfArchive: Uint8Array = new Uint8Array(2 * blockBytes);

/** Zeros that follow content of that size, so that the next header begins a block. */
export function paddingBytes(sizeBytes: number): number {
  const over = sizeBytes % blockBytes;
  return over === 0 ? 0 : blockBytes - over;
}

/** Fields of a ustar header: where they are and how long. */
export const field = {
  name: { at: 0, bytes: 100 },
  mode: { at: 100, bytes: 8 },
  uid: { at: 108, bytes: 8 },
  gid: { at: 116, bytes: 8 },
  size: { at: 124, bytes: 12 },
  mtime: { at: 136, bytes: 12 },
  checksum: { at: 148, bytes: 8 },
  type: { at: 156, bytes: 1 },
  linkName: { at: 157, bytes: 100 },
  magic: { at: 257, bytes: 8 },
  owner: { at: 265, bytes: 32 },
  group: { at: 297, bytes: 32 },
  deviceMajor: { at: 329, bytes: 8 },
  deviceMinor: { at: 337, bytes: 8 },
  prefix: { at: 345, bytes: 155 },
} as const;

export interface Field {
  readonly at: number;
  readonly bytes: number;
}

/** The largest value that the octal digits of a field can say: one place is kept for the closing NUL. */
export const octalMax = {
  id: 0o7777777,
  size: 0o77777777777,
  mtime: 0o77777777777,
  device: 0o7777777,
} as const;

const digitZero = 0x30;

/** Octal digits to the left of a NUL, filled with zeros. `value` must fit. */
export function putOctal(block: Uint8Array, offset: number, place: Field, value: number): void {
  let rest = value;
  for (let at = offset + place.at + place.bytes - 2; at >= offset + place.at; at -= 1) {
    const more = Math.floor(rest / 8);
    block[at] = digitZero + (rest - more * 8);
    rest = more;
  }
}

const ustarMagic = Uint8Array.of(0x75, 0x73, 0x74, 0x61, 0x72, 0x00, 0x30, 0x30);

/** Writes magic and checksum: the last thing done to a header. */
export function closeHeader(block: Uint8Array, offset: number): void {
  block.set(ustarMagic, offset + field.magic.at);
  const sum = headerSum(block, offset);
  // Six digits, NUL, space: what every tar since the seventh edition writes.
  let rest = sum;
  for (let at = offset + field.checksum.at + 5; at >= offset + field.checksum.at; at -= 1) {
    block[at] = digitZero + (rest & 7);
    rest >>>= 3;
  }
  block[offset + field.checksum.at + 6] = 0;
  block[offset + field.checksum.at + 7] = 0x20;
}

/** The sum of all bytes, those of the checksum field counted as spaces. */
export function headerSum(block: Uint8Array, offset: number): number {
  let sum = 8 * 0x20;
  const checksumAt = offset + field.checksum.at;
  for (let at = offset; at < checksumAt; at += 1) sum += block[at]!;
  for (let at = checksumAt + 8; at < offset + blockBytes; at += 1) sum += block[at]!;
  return sum;
}
