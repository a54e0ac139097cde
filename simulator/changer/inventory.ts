import type { LibraryState } from "../home/index.ts";
import { counting } from "./counting.ts";
import { contentOf, elementAt, hasQuirk, rangesOf } from "./elements.ts";
import { tagSeen } from "./labels.ts";

export interface AddressRange {
  readonly first: number;
  readonly count: number;
}

/** The changer looked into those elements, or into all: what it believes there is true again. */
export function looked(state: LibraryState, range?: AddressRange): LibraryState {
  const isSeen = (address: number): boolean => range === undefined || (address >= range.first && address < range.first + range.count);
  const beliefs = Object.fromEntries(Object.entries(state.changer.beliefs).filter(([address]) => !isSeen(Number(address))));
  const tags = hasQuirk(state, "no-barcode-reader") ? [] : tagsIn(state, isSeen);
  const tagsUnreadable = tags.filter((tag) => tag === null).length;
  const more = { inventories: 1, tagsRead: tags.length - tagsUnreadable, tagsUnreadable };
  return counting({ ...state, changer: { ...state.changer, beliefs } }, more);
}

/** The addresses of so many elements from one on: where kinds end the next begins, whatever the gap (0: of all from there on). */
export function addressesOf(state: LibraryState, first: number, elements: number): AddressRange {
  let left = elements === 0 ? Infinity : elements;
  let end = first;
  for (const range of rangesOf(state)) {
    const begin = Math.max(first, range.first);
    const taken = Math.min(left, Math.max(0, range.first + range.count - begin));
    if (taken > 0) end = begin + taken;
    left -= taken;
  }
  return { first, count: end - first };
}

/** How many elements of the range there are. */
export function elementsIn(state: LibraryState, { first, count }: AddressRange): number {
  return rangesOf(state).reduce((sum, range) => sum + Math.max(0, Math.min(first + count, range.first + range.count) - Math.max(first, range.first)), 0);
}

function tagsIn(state: LibraryState, isSeen: (address: number) => boolean): readonly (string | null)[] {
  const tags: (string | null)[] = [];
  for (const { first, count } of rangesOf(state)) {
    for (let address = first; address < first + count; address += 1) {
      const cartridge = isSeen(address) ? contentOf(state, elementAt(state, address)!) : null;
      if (cartridge !== null) tags.push(tagSeen(state, cartridge.barcode));
    }
  }
  return tags;
}
