import type { LibraryState, PlacedCartridge } from "../home/index.ts";
import { type SenseFields, senses } from "../wire/index.ts";
import { counting } from "./counting.ts";
import { contentOf, elementAt, type ElementPlace, knownContentOf, placeAt, withBelief, withContent, withoutBelief, withPicker } from "./elements.ts";
import { isUnfit, obstacleAt } from "./reach.ts";

/** What became of a movement. After a refusal too the changer may know more than before, or hold a cartridge in its gripper. */
export interface MoveResult {
  readonly state: LibraryState;
  readonly refusal: SenseFields | undefined;
}

export interface MoveOrder {
  /** Address of the picker; 0 for any. */
  readonly picker: number;
  readonly from: number;
  readonly to: number;
  readonly areMailSlotsShut: boolean;
}

export interface ExchangeOrder extends Omit<MoveOrder, "to"> {
  readonly through: number;
  readonly to: number;
}

/**
 * MOVE MEDIUM (SMC-3, 6.9). Strict, as libraries are: a drive that has not let go of its cartridge keeps it (53/03), mail slots that are kept shut
 * take nothing (53/02), and no robot guesses another place. It goes by what it believes, and learns at the element what is true.
 */
export function moveMedium(state: LibraryState, order: MoveOrder): MoveResult {
  const from = elementAt(state, order.from);
  const to = elementAt(state, order.to);
  if (from === undefined || to === undefined || to.where === "transport") return refused(state, senses.invalidElement);
  const picker = pickerFor(state, order.picker, from);
  if (typeof picker !== "number") return refused(state, picker);
  const barrier = barrierOf(state, from, to, order.areMailSlotsShut);
  if (barrier !== undefined) return refused(state, barrier);
  if (from.address === to.address) return { state, refusal: undefined };
  if (knownContentOf(state, to) !== null) return refused(state, senses.destinationFull);
  const cartridge = contentOf(state, from);
  if (cartridge === null) return refused(withoutBelief(state, from), senses.sourceEmpty);
  if (contentOf(state, to) !== null) return refused(withoutBelief(state, to), senses.destinationFull);
  if (isUnfit(state, cartridge.barcode, to)) return refused(state, senses.incompatibleMedium);
  if (state.pickers[picker]!.gripper === "failing") return jammed(state, picker, from);
  return { state: counting(carried(state, from, to), { moves: 1, picks: 1, places: 1 }), refusal: undefined };
}

/** EXCHANGE MEDIUM (SMC-3, 6.3): what is in the first destination goes to the second, what is in the source to the first. */
export function exchangeMedium(state: LibraryState, order: ExchangeOrder): MoveResult {
  const [from, through, to] = [order.from, order.through, order.to].map((address) => elementAt(state, address));
  if (from === undefined || through === undefined || to === undefined) return refused(state, senses.invalidElement);
  // Nothing can be exchanged with itself.
  if (from.address === through.address || [from, through, to].some(({ where }) => where === "transport")) return refused(state, senses.invalidElement);
  const picker = pickerFor(state, order.picker, from);
  if (typeof picker !== "number") return refused(state, picker);
  const barrier = barrierOf(state, from, through, order.areMailSlotsShut) ?? barrierOf(state, through, to, order.areMailSlotsShut);
  if (barrier !== undefined) return refused(state, barrier);
  if (to.address !== from.address && knownContentOf(state, to) !== null) return refused(state, senses.destinationFull);
  for (const place of [from, through]) if (contentOf(state, place) === null) return refused(withoutBelief(state, place), senses.sourceEmpty);
  if (to.address !== from.address && contentOf(state, to) !== null) return refused(withoutBelief(state, to), senses.destinationFull);
  const areUnfit = isUnfit(state, contentOf(state, from)!.barcode, through) || isUnfit(state, contentOf(state, through)!.barcode, to);
  if (areUnfit) return refused(state, senses.incompatibleMedium);
  if (state.pickers[picker]!.gripper === "failing") return jammed(state, picker, through);
  const [incoming, outgoing] = [taken(state, from), taken(state, through)];
  const emptied = withContent(withContent(state, from, null), through, null);
  const swapped = placed(placed(emptied, through, incoming), to, outgoing);
  return { state: counting(swapped, { moves: 2, picks: 2, places: 2 }), refusal: undefined };
}

/** The picker that does it, or why none does. One that holds a cartridge does nothing but put that away. */
function pickerFor(state: LibraryState, address: number, from: ElementPlace): number | SenseFields {
  const asked = elementAt(state, address);
  // 0 is the default one, also where a picker has that address.
  const isNamed = address !== 0 && asked?.where === "transport";
  if (address !== 0 && !isNamed) return senses.invalidElement;
  if (from.where === "transport") {
    if (isNamed && asked.number !== from.number) return senses.invalidElement;
    return usable(state, from.number) ? from.number : senses.manualIntervention;
  }
  const candidates = isNamed ? [asked.number] : state.pickers.map((_, number) => number);
  const working = candidates.filter((number) => usable(state, number));
  if (working.length === 0) return senses.manualIntervention;
  return working.find((number) => state.pickers[number]!.cartridge === null) ?? senses.destinationFull;
}

function usable(state: LibraryState, number: number): boolean {
  return state.pickers[number]!.gripper !== "stuck";
}

function barrierOf(state: LibraryState, from: ElementPlace, to: ElementPlace, areMailSlotsShut: boolean): SenseFields | undefined {
  const obstacle = obstacleAt(state, from) ?? obstacleAt(state, to);
  if (obstacle !== undefined) return obstacle;
  if (knownContentOf(state, from) === null) return senses.sourceEmpty;
  if (from.where === "drive" && contentOf(state, from)?.ejected === false) return senses.heldByDrive;
  return to.where === "mailSlot" && areMailSlotsShut ? senses.removalPrevented : undefined;
}

interface Load {
  readonly cartridge: PlacedCartridge;
  /** What the changer takes it for, where that is something else. */
  readonly mistaken: PlacedCartridge | undefined;
}

function taken(state: LibraryState, from: ElementPlace): Load {
  const moved = ({ barcode }: PlacedCartridge): PlacedCartridge => ({ barcode, source: from.address, ejected: true });
  const [cartridge, known] = [contentOf(state, from)!, knownContentOf(state, from)];
  return { cartridge: moved(cartridge), mistaken: known === null || known.barcode === cartridge.barcode ? undefined : moved(known) };
}

/** Who mistakes one cartridge for another does so wherever it brings it, until it looks again. */
function placed(state: LibraryState, to: ElementPlace, { cartridge, mistaken }: Load): LibraryState {
  const put = withContent(state, to, cartridge);
  return mistaken === undefined ? put : withBelief(put, to, mistaken);
}

function carried(state: LibraryState, from: ElementPlace, to: ElementPlace): LibraryState {
  return placed(withContent(state, from, null), to, taken(state, from));
}

/** The gripper closes on the cartridge and moves no more. */
function jammed(state: LibraryState, picker: number, from: ElementPlace): MoveResult {
  const place = placeAt(state, "transport", picker);
  const held = from.where === "transport" ? state : carried(state, from, place);
  const stuck = withPicker(held, picker, { ...held.pickers[picker]!, gripper: "stuck" });
  return refused(counting(stuck, { moves: 1, picks: 1, gripperFailures: 1 }), senses.gripperStuck);
}

function refused(state: LibraryState, refusal: SenseFields): MoveResult {
  return { state, refusal };
}
