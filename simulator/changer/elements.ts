import type { LibraryState, PlacedCartridge } from "../home/index.ts";

/** SMC-3, table 10. */
export const elementType = { transport: 1, slot: 2, mailSlot: 3, drive: 4 } as const;

const firstAddress = { transport: 0x0001, mailSlot: 0x0010, drive: 0x0100, slot: 0x1000 } as const;

export type Where = "transport" | "mailSlot" | "drive" | "slot";

export interface ElementPlace {
  readonly where: Where;
  /** 0-based among its kind. */
  readonly number: number;
  readonly address: number;
}

export function firstAddressOf(where: Where): number {
  return firstAddress[where];
}

export function addressOf(where: Where, number: number): number {
  return firstAddress[where] + number;
}

/** All elements by rising address. */
export function allElements(state: LibraryState): readonly ElementPlace[] {
  const counted = (where: Where, count: number): ElementPlace[] =>
    Array.from({ length: count }, (_, number) => ({ where, number, address: firstAddress[where] + number }));
  const { mailSlots, drives, slots } = state;
  return [
    ...counted("transport", 1),
    ...counted("mailSlot", mailSlots.length),
    ...counted("drive", drives.length),
    ...counted("slot", slots.length),
  ];
}

export function elementAt(state: LibraryState, address: number): ElementPlace | undefined {
  return allElements(state).find((one) => one.address === address);
}

export function contentOf(state: LibraryState, place: ElementPlace): PlacedCartridge | null {
  switch (place.where) {
    case "transport":
      return null;
    case "mailSlot":
      return state.mailSlots[place.number] ?? null;
    case "slot":
      return state.slots[place.number] ?? null;
    case "drive":
      return state.drives[place.number]?.cartridge ?? null;
  }
}

/** The state with that element's content replaced. A drive threads what comes in and counts it. */
export function withContent(state: LibraryState, place: ElementPlace, cartridge: PlacedCartridge | null): LibraryState {
  const replaced = <T>(list: readonly T[], value: T): readonly T[] =>
    list.map((old, number) => (number === place.number ? value : old));
  switch (place.where) {
    case "transport":
      return state;
    case "mailSlot":
      return { ...state, mailSlots: replaced(state.mailSlots, cartridge) };
    case "slot":
      return { ...state, slots: replaced(state.slots, cartridge) };
    case "drive": {
      const drive = state.drives[place.number]!;
      const insertions = drive.insertions + (cartridge === null ? 0 : 1);
      const content = cartridge === null ? null : { ...cartridge, ejected: false };
      return { ...state, drives: replaced(state.drives, { ...drive, insertions, cartridge: content }) };
    }
  }
}
