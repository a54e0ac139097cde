import { paddingBytes } from "./block.ts";
import { damaged } from "./damage.ts";
import type { DataExtent } from "./entry.ts";

/** Extents of one file: enough for what file systems make, small enough for memory. */
export const extentsMax = 1_000_000;
/** Two numbers of 16 digits with their newlines for each extent, and the count. */
export const sparseMapBytesMax = 40 * extentsMax;

/** Bytes that the extents hold together. */
export function extentBytes(extents: readonly DataExtent[]): number {
  let sizeBytes = 0;
  for (const { lengthBytes } of extents) sizeBytes += lengthBytes;
  return sizeBytes;
}

/**
 * The map of a sparse file as it stands before its data (GNU tar manual, "PAX Format, Version 1.0"): decimal numbers, one a
 * line, filled with
 * zeros to a block. A file that ends in a hole has an empty extent at its end, as GNU tar writes it.
 */
export function encodeSparseMap(extents: readonly DataExtent[], sizeBytes: number): Uint8Array {
  const last = extents.at(-1);
  const open = !last || last.offsetBytes + last.lengthBytes < sizeBytes;
  const all = open ? [...extents, { offsetBytes: sizeBytes, lengthBytes: 0 }] : extents;
  const lines = [String(all.length)];
  for (const { offsetBytes, lengthBytes } of all) lines.push(String(offsetBytes), String(lengthBytes));
  const text = `${lines.join("\n")}\n`;
  const bytes = Buffer.alloc(text.length + paddingBytes(text.length));
  bytes.write(text, "latin1");
  return bytes;
}

/** The map once enough of the data is there; undefined when more blocks are needed. `mapBytes` is how many it took. */
export function decodeSparseMap(
  bytes: Buffer,
  sizeBytes: number,
  headerOffset: number,
): { readonly extents: DataExtent[]; readonly mapBytes: number } | undefined {
  let at = 0;
  const next = (): number | undefined => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) {
      if (bytes.length - at > 20) throw damaged("a sparse map holds what is no number", headerOffset);
      return undefined;
    }
    const number = decimal(bytes.toString("latin1", at, Math.min(end, at + 20)));
    if (number === undefined) throw damaged("a sparse map holds what is no number", headerOffset);
    at = end + 1;
    return number;
  };
  const count = next();
  if (count === undefined) return undefined;
  if (count > extentsMax) throw damaged("a sparse map is too long", headerOffset);
  // Two bytes a number at least: do not parse again and again what cannot be whole yet.
  if (bytes.length < at + 4 * count) return undefined;
  const numbers: number[] = [];
  while (numbers.length < 2 * count) {
    const number = next();
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  const mapBytes = at + paddingBytes(at);
  return bytes.length < mapBytes ? undefined : { extents: checkedExtents(numbers, sizeBytes, headerOffset), mapBytes };
}

/** Pairs of offset and length, as extents that are in order, do not overlap and stay inside the file; empty ones fall away. */
export function checkedExtents(numbers: readonly number[], sizeBytes: number, headerOffset: number): DataExtent[] {
  if (numbers.length % 2 !== 0 || numbers.length > 2 * extentsMax) throw damaged("a sparse map is not whole", headerOffset);
  const extents: DataExtent[] = [];
  let behind = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    const offsetBytes = numbers[at]!;
    const lengthBytes = numbers[at + 1]!;
    if (offsetBytes < behind || offsetBytes + lengthBytes > sizeBytes) {
      throw damaged("a sparse map is out of order", headerOffset);
    }
    behind = offsetBytes + lengthBytes;
    if (lengthBytes > 0) extents.push({ offsetBytes, lengthBytes });
  }
  return extents;
}

/** A decimal number without sign that is exact; undefined otherwise. */
export function decimal(text: string): number | undefined {
  if (!/^[0-9]{1,16}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
