import type { SimulatedCartridge, SimulatedElement } from "../simulator-tools.ts";
import { type Column, name } from "./column.ts";
import type { JsonObject } from "./document.ts";

export const placeColumns: readonly Column<SimulatedElement>[] = [
  { title: "element", cell: (element) => element.name },
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
];

export function cartridgeDocument(cartridge: SimulatedCartridge): JsonObject {
  return {
    barcode: cartridge.barcode,
    place: cartridge.place,
    capacity_bytes: cartridge.capacityBytes,
    used_bytes: cartridge.usedBytes,
    write_protected: cartridge.writeProtected,
  };
}

export const cartridgeColumns: readonly Column<SimulatedCartridge>[] = [
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
  { title: "place", cell: ({ place }) => place },
  { title: "used", right: true, cell: ({ usedBytes }, units) => units.bytes(usedBytes) },
  { title: "capacity", right: true, cell: ({ capacityBytes }, units) => units.bytes(capacityBytes) },
  { title: "write protected", cell: ({ writeProtected }) => (writeProtected ? "yes" : "no") },
];
