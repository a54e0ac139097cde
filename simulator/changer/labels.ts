import type { LibraryState } from "../home/index.ts";
import { meaningOfLabel } from "../models/index.ts";
import { text } from "../wire/index.ts";
import { hasQuirk } from "./elements.ts";

/** Of SMC-3: 32 characters, two bytes, and a volume sequence number. */
export const tagBytes = 36;

/** What a reader sees on that cartridge: its barcode unless somebody labelled it otherwise; null when nothing can be read. */
export function tagSeen(state: LibraryState, barcode: string): string | null {
  const { labels } = state.changer;
  return Object.hasOwn(labels, barcode) ? labels[barcode]! : barcode;
}

/** What the changer tells of it. */
export function tagTold(state: LibraryState, barcode: string): string | null {
  const seen = tagSeen(state, barcode);
  if (seen === null) return null;
  const cut = hasQuirk(state, "six-characters") ? seen.slice(0, 6) : seen;
  const cased = hasQuirk(state, "lower-case") ? cut.toLowerCase() : cut;
  return hasQuirk(state, "leading-blank") ? ` ${cased}` : cased;
}

/** All zero without a cartridge, and for one that cannot be read. */
export function tagField(state: LibraryState, barcode: string | undefined): readonly number[] {
  const told = barcode === undefined ? null : tagTold(state, barcode);
  const field = new Array<number>(tagBytes).fill(0);
  if (told === null) return field;
  const bytes = hasQuirk(state, "unpadded-tags") ? text(told, Math.min(32, told.length)) : text(told, 32);
  return [...bytes, ...field.slice(bytes.length)];
}

/** Medium type of an element descriptor (SMC-3): 1 data, 2 cleaning, 4 WORM, 0 where the label says nothing. */
export function mediumType(state: LibraryState, barcode: string | undefined): number {
  const seen = barcode === undefined ? null : tagSeen(state, barcode);
  const meaning = seen === null ? undefined : meaningOfLabel(seen);
  return meaning === undefined ? 0 : { data: 1, cleaning: 2, worm: 4 }[meaning.kind];
}
