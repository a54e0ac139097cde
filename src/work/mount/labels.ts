import type { Element } from "../../devices/changer/index.ts";
import { StrongroomError } from "../../words/index.ts";

/**
 * The element whose cartridge has that barcode; undefined when none has. `DUPLICATE_BARCODE` (operator) when several have: nobody could
 * tell which of them is meant, so none is ever moved or written by its barcode.
 */
export function cartridgeIn(elements: readonly Element[], barcode: string, library: string): Element | undefined {
  const [first, ...others] = elements.filter((element) => element.full && element.barcode === barcode);
  if (others.length === 0) return first;
  const places = [first!, ...others].map(({ kind, number }) => `${kind.replace("-", " ")} ${String(number)}`).join(" and ");
  throw new StrongroomError("operator", "DUPLICATE_BARCODE", `barcode ${barcode} is on more than one cartridge of library ${library}: ${places}; nothing was moved`, {
    hint: "find out which one the volume is on (strongroom library move takes slots, not barcodes), and put another label on the other one",
  });
}

/** Barcodes that more than one cartridge has. */
export function duplicatesIn(elements: readonly Element[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { full, barcode } of elements) {
    if (!full || barcode === undefined) continue;
    if (seen.has(barcode)) twice.add(barcode);
    seen.add(barcode);
  }
  return twice;
}
