import { addressOf, contentOf, elementAt } from "./changer/index.ts";
import type { Sight } from "./faults/index.ts";
import type { LibraryState } from "./home/index.ts";
import { be16, be24 } from "./wire/index.ts";

/** Where a command of the changer names elements. */
const elementFields: Readonly<Record<number, readonly number[]>> = { 0x1b: [2], 0x2b: [4], 0x37: [2], 0xe7: [2], 0xa5: [4, 6], 0xa6: [4, 6, 8] };

/** What a command is about, for rules of faults. `position` is the logical object at which a drive with a cartridge stands. */
export function sightOf(state: LibraryState, lun: number, cdb: Uint8Array, position: number | undefined): Sight {
  if (lun > state.drives.length) return { barcodes: [], elements: [] };
  const elements = lun === 0 ? (elementFields[cdb[0]!] ?? []).map((at) => be16(cdb, at)) : [addressOf(state, "drive", lun - 1)];
  const barcodes = elements.flatMap((address) => {
    const place = elementAt(state, address);
    const cartridge = place === undefined ? null : contentOf(state, place);
    return cartridge === null ? [] : [cartridge.barcode];
  });
  if (position === undefined) return { barcodes, elements };
  return { barcodes, elements, objects: [position, position + Math.max(1, blocksOf(cdb)) - 1] };
}

/** READ(6) and WRITE(6) of fixed blocks (SSC-5, 5.3 and 5.6) cover many objects; others begin on one. */
function blocksOf(cdb: Uint8Array): number {
  const isFixed = (cdb[0] === 0x08 || cdb[0] === 0x0a) && (cdb[1]! & 0x01) !== 0;
  return isFixed ? be24(cdb, 2) : 1;
}
