import type { LibraryState } from "../home/index.ts";
import { type SenseFields, senses } from "../wire/index.ts";
import { contentOf, elementAt, type ElementPlace, withContent } from "./elements.ts";

/** What a robot did, or why it did not; the state is then as it was. */
export type MoveResult = { readonly state: LibraryState } | { readonly refusal: SenseFields };

/**
 * MOVE MEDIUM (SMC-3, 6.9). Strict, as libraries are: a drive that has not let go of its cartridge keeps it (53/03), mail
 * slots that are
 * kept shut take nothing (53/02), and no robot guesses another place.
 */
export function moveMedium(state: LibraryState, from: number, to: number, mailSlotsShut: boolean): MoveResult {
  const source = elementAt(state, from);
  const destination = elementAt(state, to);
  if (!isPlace(source) || !isPlace(destination)) return { refusal: senses.invalidElement };
  const cartridge = contentOf(state, source);
  if (cartridge === null) return { refusal: senses.sourceEmpty };
  if (source.where === "drive" && !cartridge.ejected) return { refusal: senses.heldByDrive };
  if (destination.where === "mailSlot" && mailSlotsShut) return { refusal: senses.removalPrevented };
  if (source.address === destination.address) return { state };
  if (contentOf(state, destination) !== null) return { refusal: senses.destinationFull };
  const taken = withContent(state, source, null);
  return { state: withContent(taken, destination, { barcode: cartridge.barcode, source: from, ejected: true }) };
}

/** EXCHANGE MEDIUM (SMC-3, 6.3): what is in the first destination goes to the second, what is in the source to the first. */
export function exchangeMedium(
  state: LibraryState,
  from: number,
  first: number,
  second: number,
  mailSlotsShut: boolean,
): MoveResult {
  const places = [from, first, second].map((address) => elementAt(state, address));
  if (!places.every(isPlace)) return { refusal: senses.invalidElement };
  const [source, middle, last] = places as [ElementPlace, ElementPlace, ElementPlace];
  const incoming = contentOf(state, source);
  const outgoing = contentOf(state, middle);
  if (incoming === null || outgoing === null) return { refusal: senses.sourceEmpty };
  const isHeld = (place: ElementPlace): boolean => place.where === "drive" && contentOf(state, place)?.ejected === false;
  if (isHeld(source) || isHeld(middle)) return { refusal: senses.heldByDrive };
  if (last.address !== source.address && contentOf(state, last) !== null) return { refusal: senses.destinationFull };
  if (mailSlotsShut && (middle.where === "mailSlot" || last.where === "mailSlot")) return { refusal: senses.removalPrevented };
  const emptied = withContent(withContent(state, source, null), middle, null);
  const swapped = withContent(emptied, middle, { barcode: incoming.barcode, source: from, ejected: true });
  return { state: withContent(swapped, last, { barcode: outgoing.barcode, source: first, ejected: true }) };
}

/** The gripper holds nothing between two commands, so it is no source and no destination. */
function isPlace(place: ElementPlace | undefined): place is ElementPlace {
  return place !== undefined && place.where !== "transport";
}
