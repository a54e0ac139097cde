import { blockBytes, type Field, field, headerSum } from "./block.ts";
import { damaged } from "./damage.ts";

/** A header block as it stands, numbers read, nothing interpreted. */
export interface RawHeader {
  /** Where the block is in the stream. */
  readonly offset: number;
  readonly name: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtimeSeconds: number;
  readonly type: string;
  readonly linkName: Buffer;
  readonly owner: Buffer;
  readonly group: Buffer;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  readonly gnu: boolean;
}

const magic = Buffer.from("ustar");
const slash = Buffer.from("/");

export function isZeroBlock(block: Buffer): boolean {
  for (const byte of block) if (byte !== 0) return false;
  return true;
}

/** True when the checksum is right, signed or unsigned: old writers added bytes as signed numbers. */
export function isHeader(block: Buffer): boolean {
  const stored = octal(block, field.checksum);
  if (stored === undefined) return false;
  const sum = headerSum(block, 0);
  if (stored === sum) return true;
  let high = 0;
  for (let at = 0; at < blockBytes; at += 1) {
    const inChecksum = at >= field.checksum.at && at < field.checksum.at + field.checksum.bytes;
    if (!inChecksum && block[at]! > 127) high += 1;
  }
  return stored === sum - 256 * high;
}

/** Whether a block in the middle of nowhere is a header: checksum and magic both, so that content hardly ever looks like one. */
export function isUstarHeader(block: Buffer): boolean {
  return block.subarray(field.magic.at, field.magic.at + magic.length).equals(magic) && isHeader(block);
}

/** @throws StrongroomError TAR_DAMAGED */
export function parseHeader(block: Buffer, offset: number): RawHeader {
  if (!isHeader(block)) throw damaged("a header has a wrong checksum", offset);
  const ustar = block.subarray(field.magic.at, field.magic.at + magic.length).equals(magic);
  // `ustar ` with a space is GNU's own format, in which the prefix field means something else.
  const gnu = ustar && block[field.magic.at + 5] === 0x20;
  const number = (place: Field, what: string): number => {
    const value = numeric(block, place);
    if (value === undefined) throw damaged(`a header has a ${what} that is no number`, offset);
    return value;
  };
  const size = number(field.size, "size");
  if (size < 0) throw damaged("a header has a negative size", offset);
  const prefix = ustar && !gnu ? text(block, field.prefix) : Buffer.alloc(0);
  const name = text(block, field.name);
  return {
    offset,
    name: prefix.length > 0 ? Buffer.concat([prefix, slash, name]) : name,
    mode: number(field.mode, "mode"),
    uid: number(field.uid, "user number"),
    gid: number(field.gid, "group number"),
    size,
    mtimeSeconds: number(field.mtime, "time"),
    type: block.toString("latin1", field.type.at, field.type.at + 1),
    linkName: text(block, field.linkName),
    owner: ustar ? text(block, field.owner) : Buffer.alloc(0),
    group: ustar ? text(block, field.group) : Buffer.alloc(0),
    // Some writers leave these empty or put rubbish there for what is no device.
    deviceMajor: ustar ? (numeric(block, field.deviceMajor) ?? 0) : 0,
    deviceMinor: ustar ? (numeric(block, field.deviceMinor) ?? 0) : 0,
    gnu,
  };
}

/** Bytes up to the first NUL, in memory of their own. */
function text(block: Buffer, place: Field): Buffer {
  const whole = block.subarray(place.at, place.at + place.bytes);
  const end = whole.indexOf(0);
  return Buffer.from(end < 0 ? whole : whole.subarray(0, end));
}

/** Octal digits, or GNU's base-256 when the top bit is set. Undefined when it is neither, or not exact. */
export function numeric(block: Buffer, place: Field): number | undefined {
  const lead = block[place.at]!;
  if ((lead & 0x80) === 0) return octal(block, place);
  // 0x80 begins a positive number, 0xff a negative one in two's complement.
  if (lead !== 0x80 && lead !== 0xff) return undefined;
  let value = BigInt(lead === 0xff ? -1 : 0);
  for (let at = place.at + 1; at < place.at + place.bytes; at += 1) value = value * 256n + BigInt(block[at]!);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function octal(block: Buffer, place: Field): number | undefined {
  const digits = block.toString("latin1", place.at, place.at + place.bytes);
  const match = /^ *([0-7]*)[\0 ]*/.exec(digits)!;
  return match[0].length === digits.length || digits[match[0].length - 1] === "\0"
    ? Number.parseInt(`0${match[1]!}`, 8)
    : undefined;
}
