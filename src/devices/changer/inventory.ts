import { elementType, type ElementRange, type ElementRanges, type ElementStatus } from "../../scsi/index.ts";
import type { Element, ElementKind, ElementReference } from "./contract.ts";

/** The order in which people read an inventory, and the type that the device knows each kind by. */
export const kinds: readonly { readonly kind: ElementKind; readonly type: number }[] = [
  { kind: "drive", type: elementType.drive },
  { kind: "slot", type: elementType.slot },
  { kind: "mail-slot", type: elementType.mailSlot },
  { kind: "transport", type: elementType.transport },
];

export function rangeOf(ranges: ElementRanges, kind: ElementKind): ElementRange {
  switch (kind) {
    case "slot":
      return ranges.slots;
    case "mail-slot":
      return ranges.mailSlots;
    case "drive":
      return ranges.drives;
    case "transport":
      return ranges.transports;
  }
}

function firstNumber(kind: ElementKind): number {
  return kind === "slot" || kind === "mail-slot" ? 1 : 0;
}

/** Undefined when there is no element of that number. */
export function addressOf(ranges: ElementRanges, { kind, number }: ElementReference): number | undefined {
  const { first, count } = rangeOf(ranges, kind);
  const index = number - firstNumber(kind);
  return Number.isInteger(index) && index >= 0 && index < count ? first + index : undefined;
}

export function referenceOf(ranges: ElementRanges, address: number): ElementReference | undefined {
  for (const { kind } of kinds) {
    const { first, count } = rangeOf(ranges, kind);
    if (address >= first && address < first + count) return { kind, number: address - first + firstNumber(kind) };
  }
  return undefined;
}

export function elementOf(ranges: ElementRanges, status: ElementStatus): Element | undefined {
  const reference = referenceOf(ranges, status.address);
  if (reference === undefined) return undefined;
  return {
    ...reference,
    address: status.address,
    full: status.full,
    barcode: status.full ? status.volumeTag : undefined,
    source: status.full && status.sourceAddress !== undefined ? referenceOf(ranges, status.sourceAddress) : undefined,
    accessible: status.accessible,
    driveSerial: reference.kind === "drive" ? serialOf(status.deviceId) : undefined,
    exception: status.exception,
  };
}

/**
 * Some changers (tgt) never set ACCESS. Where not one element is said to be in reach, the bit says nothing, and what cannot be reached
 * is found out by moving; a library whose door is open is not ready, or says so by exceptions.
 */
export function withReach(elements: readonly Element[]): readonly Element[] {
  const saysNothing = elements.every(({ kind, accessible, exception }) => kind === "transport" || (!accessible && exception === undefined));
  return saysNothing ? elements.map((element) => ({ ...element, accessible: true })) : elements;
}

/** A device identifier is the serial number alone, or vendor and product before it in fields of blanks (SPC-5, 7.7.6.4). */
function serialOf(deviceId: string | undefined): string | undefined {
  return deviceId?.split(/\s+/).at(-1);
}
