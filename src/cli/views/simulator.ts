import type { SimulatedState } from "../simulator-hands.ts";
import type { SimulatedCartridge, SimulatedElement, SimulatedLayout, SimulatedModel, SimulatedQuirk, TimingFigure } from "../simulator-tools.ts";
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

export function timingDocument({ generation, what, unit, published, modelled, isEstimated }: TimingFigure): JsonObject {
  return { generation, what, unit, published, modelled, deviation: deviationOf({ published, modelled }), estimated: isEstimated };
}

export const stateColumns: readonly Column<SimulatedState>[] = [
  { title: "thing", cell: ({ thing }) => name(thing) },
  { title: "state", cell: ({ state }) => name(state) },
];

export const timingColumns: readonly Column<TimingFigure>[] = [
  { title: "generation", cell: ({ generation }) => generation },
  { title: "what", cell: ({ what }) => what },
  { title: "published", right: true, cell: ({ published, unit, isEstimated }) => `${published.toFixed(1)} ${unit}${isEstimated ? " (estimated)" : ""}` },
  { title: "modelled", right: true, cell: ({ modelled, unit }) => `${modelled.toFixed(1)} ${unit}` },
  { title: "deviation", right: true, cell: (figure) => `${(deviationOf(figure) * 100).toFixed(1)} %` },
];

export function modelDocument(model: SimulatedModel): JsonObject {
  return {
    name: model.name,
    product: model.product,
    density_code: model.densityCode,
    native_bytes: model.nativeBytes,
    writes: model.writes,
    reads_only: model.readsOnly,
    recommends_orders: model.recommendsOrders,
    estimated: model.estimated,
  };
}

export const modelColumns: readonly Column<SimulatedModel>[] = [
  { title: "model", cell: (model) => model.name },
  { title: "product", cell: ({ product }) => product },
  { title: "density", cell: ({ densityCode }) => `0x${densityCode.toString(16)}` },
  { title: "holds", right: true, cell: ({ nativeBytes }) => `${(nativeBytes / 1e12).toFixed(1)} TB` },
  { title: "writes", cell: ({ writes }) => writes.join(", ") },
  { title: "only reads", cell: ({ readsOnly }) => readsOnly.join(", ") },
  { title: "access order", cell: ({ recommendsOrders }) => (recommendsOrders ? "yes" : "no") },
  { title: "estimated", cell: ({ estimated }) => estimated.join(", ") },
];

function deviationOf({ published, modelled }: Pick<TimingFigure, "published" | "modelled">): number {
  const deviation = modelled / published - 1;
  return Math.abs(deviation) < 0.0005 ? 0 : deviation;
}

export const cartridgeColumns: readonly Column<SimulatedCartridge>[] = [
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
  { title: "place", cell: ({ place }) => place },
  { title: "used", right: true, cell: ({ usedBytes }, units) => units.bytes(usedBytes) },
  { title: "capacity", right: true, cell: ({ capacityBytes }, units) => units.bytes(capacityBytes) },
  { title: "write protected", cell: ({ writeProtected }) => (writeProtected ? "yes" : "no") },
];

export function layoutDocument({ name: layout, firstAddresses, because }: SimulatedLayout): JsonObject {
  const { transport, mailSlot, drive, slot } = firstAddresses;
  return { name: layout, first_addresses: { transport, mail_slot: mailSlot, drive, slot }, because };
}

export const layoutColumns: readonly Column<SimulatedLayout>[] = [
  { title: "layout", cell: (layout) => layout.name },
  { title: "pickers from", right: true, cell: ({ firstAddresses }) => String(firstAddresses.transport) },
  { title: "mail slots from", right: true, cell: ({ firstAddresses }) => String(firstAddresses.mailSlot) },
  { title: "drives from", right: true, cell: ({ firstAddresses }) => String(firstAddresses.drive) },
  { title: "slots from", right: true, cell: ({ firstAddresses }) => String(firstAddresses.slot) },
  { title: "as", cell: ({ because }) => because },
];

export const quirkColumns: readonly Column<SimulatedQuirk>[] = [
  { title: "quirk", cell: (quirk) => quirk.name },
  { title: "the changer", cell: ({ what }) => what },
];
