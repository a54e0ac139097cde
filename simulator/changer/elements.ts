import type { ElementKind, LibraryState, PickerState, PlacedCartridge, QuirkName } from "../home/index.ts";

/** SMC-3, table 10. */
export const elementType = { transport: 1, slot: 2, mailSlot: 3, drive: 4 } as const;

export type Where = ElementKind;

export interface ElementPlace {
  readonly where: Where;
  /** 0-based among its kind. */
  readonly number: number;
  readonly address: number;
}

export interface ElementRange {
  readonly where: Where;
  readonly first: number;
  readonly count: number;
}

/** All elements that initiators see, by rising address. */
export function rangesOf(state: LibraryState): readonly ElementRange[] {
  const range = (where: Where): ElementRange => ({ where, first: state.shape.firstAddresses[where], count: countOf(state, where) });
  return [range("transport"), range("mailSlot"), range("drive"), range("slot")].sort((one, other) => one.first - other.first);
}

export function countOf(state: LibraryState, where: Where): number {
  switch (where) {
    case "transport":
      return state.pickers.length;
    case "mailSlot":
      return state.mailSlots.length;
    case "drive":
      return state.drives.length;
    case "slot":
      return state.slots.length - state.shape.reservedSlots;
  }
}

export function addressOf(state: LibraryState, where: Where, number: number): number {
  return state.shape.firstAddresses[where] + number;
}

export function placeAt(state: LibraryState, where: Where, number: number): ElementPlace {
  return { where, number, address: addressOf(state, where, number) };
}

export function elementAt(state: LibraryState, address: number): ElementPlace | undefined {
  const range = rangesOf(state).find(({ first, count }) => address >= first && address < first + count);
  return range === undefined ? undefined : { where: range.where, number: address - range.first, address };
}

export function hasQuirk(state: LibraryState, name: QuirkName): boolean {
  return state.shape.quirks.includes(name);
}

/** What is there. */
export function contentOf(state: LibraryState, { where, number }: ElementPlace): PlacedCartridge | null {
  switch (where) {
    case "transport":
      return state.pickers[number]?.cartridge ?? null;
    case "mailSlot":
      return state.mailSlots[number] ?? null;
    case "slot":
      return state.slots[number] ?? null;
    case "drive":
      return state.drives[number]?.cartridge ?? null;
  }
}

/** All cartridges in the library, wherever they are. */
export function cartridgesIn({ slots, mailSlots, drives, pickers }: LibraryState): readonly PlacedCartridge[] {
  const inMachines = [...drives, ...pickers].map(({ cartridge }) => cartridge);
  return [...slots, ...mailSlots, ...inMachines].filter((one) => one !== null);
}

/** What the changer takes to be there: the truth, but where hands were since it last looked. */
export function knownContentOf(state: LibraryState, place: ElementPlace): PlacedCartridge | null {
  const belief = state.changer.beliefs[String(place.address)];
  return belief === undefined ? contentOf(state, place) : belief;
}

/** The state with that element's content replaced, and known to the changer. A drive threads what comes in and counts it. */
export function withContent(state: LibraryState, place: ElementPlace, cartridge: PlacedCartridge | null): LibraryState {
  return withoutBelief(replaced(state, place, cartridge), place);
}

/** The same by hand: the changer goes on believing what it believed. */
export function withContentByHand(state: LibraryState, place: ElementPlace, cartridge: PlacedCartridge | null): LibraryState {
  return withBelief(replaced(state, place, cartridge), place, knownContentOf(state, place));
}

export function withBelief(state: LibraryState, place: ElementPlace, belief: PlacedCartridge | null): LibraryState {
  return { ...state, changer: { ...state.changer, beliefs: { ...state.changer.beliefs, [String(place.address)]: belief } } };
}

export function withoutBelief(state: LibraryState, { address }: ElementPlace): LibraryState {
  if (state.changer.beliefs[String(address)] === undefined) return state;
  const beliefs = Object.fromEntries(Object.entries(state.changer.beliefs).filter(([key]) => key !== String(address)));
  return { ...state, changer: { ...state.changer, beliefs } };
}

export function withPicker(state: LibraryState, number: number, picker: PickerState): LibraryState {
  return { ...state, pickers: state.pickers.with(number, picker) };
}

function replaced(state: LibraryState, { where, number }: ElementPlace, cartridge: PlacedCartridge | null): LibraryState {
  switch (where) {
    case "transport":
      return withPicker(state, number, { ...state.pickers[number]!, cartridge });
    case "mailSlot":
      return { ...state, mailSlots: state.mailSlots.with(number, cartridge) };
    case "slot":
      return { ...state, slots: state.slots.with(number, cartridge) };
    case "drive": {
      const drive = state.drives[number]!;
      const insertions = drive.insertions + (cartridge === null ? 0 : 1);
      const content = cartridge === null ? null : { ...cartridge, ejected: false };
      return { ...state, drives: state.drives.with(number, { ...drive, insertions, cartridge: content }) };
    }
  }
}
