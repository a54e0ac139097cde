import type { Draw } from "../frame/draw.ts";

/** Numbers that lengths, counts and offsets are made of when somebody means harm. */
const edges = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 47, 48, 63, 64, 127, 128, 191, 192, 223, 224, 254, 255] as const;
const changesAtMost = 6;
const spliceBytesAtMost = 4096;

type Change = (bytes: Buffer, draw: Draw, others: readonly Uint8Array[]) => Buffer;

const changes: readonly Change[] = [
  // A bit.
  (bytes, { below }) => set(bytes, below(bytes.length), (old) => old ^ (1 << below(8))),
  // A byte, at the edges of what lengths say.
  (bytes, { below, pick }) => set(bytes, below(bytes.length), () => pick(edges)),
  // A length or count of two, three, four or eight bytes.
  (bytes, { below, pick }) => {
    const width = pick([2, 3, 4, 8]);
    const at = below(Math.max(1, bytes.length - width));
    const fill = pick([0x00, 0x7f, 0x80, 0xff]);
    for (let offset = 0; offset < width; offset += 1) set(bytes, at + offset, () => offset === 0 || offset === width - 1 ? pick([fill, 0x7f, 0x80, 0xff]) : fill);
    return bytes;
  },
  // Among the first bytes, where heads are.
  (bytes, { below }) => set(bytes, below(Math.min(bytes.length, 64)), () => below(256)),
  // Cut short.
  (bytes, { below }) => bytes.subarray(0, below(bytes.length + 1)),
  // A stretch twice.
  (bytes, draw) => {
    const [from, to] = stretch(bytes, draw);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to)]);
  },
  // A stretch left out.
  (bytes, draw) => {
    const [from, to] = stretch(bytes, draw);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  // A stretch of another sample.
  (bytes, draw, others) => {
    const other = Buffer.from(draw.pick(others));
    const [from, to] = stretch(other, draw);
    const at = draw.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(Math.min(bytes.length, at + draw.pick([0, to - from])))]);
  },
  // A digit, where numbers are written out.
  (bytes, { below, pick }) => {
    const start = below(bytes.length + 1);
    const at = bytes.subarray(start).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
    return at === -1 ? bytes : set(bytes, start + at, () => pick([0x2d, 0x30, 0x37, 0x39, 0x65, 0x2e, 0x5c, 0x22]));
  },
];

/** A sample with up to six changes; what comes out follows from the draw alone. */
export function mutated(samples: readonly Uint8Array[], draw: Draw): Buffer {
  let bytes: Buffer = Buffer.from(draw.pick(samples));
  for (let left = 1 + draw.below(changesAtMost); left > 0; left -= 1) bytes = draw.pick(changes)(bytes, draw, samples);
  return bytes;
}

function set(bytes: Buffer, at: number, change: (old: number) => number): Buffer {
  if (at < bytes.length) bytes[at] = change(bytes[at]!);
  return bytes;
}

function stretch(bytes: Buffer, { below }: Draw): readonly [from: number, to: number] {
  const from = below(bytes.length + 1);
  return [from, Math.min(bytes.length, from + below(spliceBytesAtMost))];
}
