import { StrongroomError } from "../../src/words/index.ts";
import type { LibraryHome } from "../home/index.ts";
import type { CartridgeStore } from "../storage/index.ts";

/** The objects of which those bytes of a tape file are, from the first to the last. Refuses with TAPE_BYTE_MISSING what is not on the cartridge. */
export async function objectsOfTapeBytes(
  home: LibraryHome, barcode: string, { file, byte, lengthBytes }: { readonly file: number; readonly byte: number; readonly lengthBytes: number },
): Promise<readonly [first: number, last: number]> {
  const cartridge = await home.openCartridge(barcode, "read");
  try {
    const { index } = cartridge.store;
    const first = file === 0 ? 0 : (index.filemark(file - 1) ?? Infinity) + 1;
    const end = index.filemark(file) ?? index.objectCount;
    const from = index.bytesBefore(Math.min(first, index.objectCount)) + byte;
    const to = from + lengthBytes - 1;
    if (first >= end || byte < 0 || lengthBytes < 1 || to >= index.bytesBefore(end)) {
      throw new StrongroomError("usage", "TAPE_BYTE_MISSING", `the cartridge has no bytes ${byte} to ${byte + lengthBytes - 1} in tape file ${file}; nothing was changed`);
    }
    return [objectOf(index, from, first, end), objectOf(index, to, first, end)];
  } finally {
    await cartridge.close();
  }
}

/** The object from `first` to before `end` that has the byte which lies behind so many others. */
function objectOf(index: CartridgeStore["index"], offsetBytes: number, first: number, end: number): number {
  let [low, high] = [first, end - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (index.bytesBefore(middle) <= offsetBytes) low = middle;
    else high = middle - 1;
  }
  return low;
}
