import { type ObjectExtent, type ObjectStretch, tarRecordBytes } from "../formats/volume/index.ts";

/** Where each stretch lies: as blocks and filemarks for the drive, as bytes from the beginning of the tape for an estimate. */
export interface PlacedStretch {
  readonly firstObject: number;
  readonly lastObject: number;
  readonly startBytes: number;
  readonly endBytes: number;
}

/** One tape file for an object: blocks of one size, the last one shorter, and a filemark. */
export function placeStretches(
  extents: readonly ObjectExtent[],
  stretches: readonly ObjectStretch[],
  blockSizeBytes: number,
): readonly PlacedStretch[] {
  const starts: { readonly block: number; readonly bytes: number }[] = [];
  let [block, bytes] = [0, 0];
  for (const { role, sizeBytes } of extents) {
    starts.push({ block, bytes });
    block += Math.ceil(sizeBytes / (role === "bootstrap" ? tarRecordBytes : blockSizeBytes)) + 1;
    bytes += sizeBytes;
  }
  starts.push({ block, bytes });
  const startOf = (number: number): { readonly block: number; readonly bytes: number } => starts[Math.min(number, starts.length - 1)]!;
  return stretches.map(({ first, last }) => {
    const [start, end] = [startOf(first), startOf(last + 1)];
    // The filemark is read too: whoever reads an object meets its end.
    return { firstObject: start.block, lastObject: Math.max(start.block, end.block - 1), startBytes: start.bytes, endBytes: end.bytes };
  });
}
