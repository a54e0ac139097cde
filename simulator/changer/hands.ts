import { type LibraryState, noSuchCartridge } from "../home/index.ts";
import { senses } from "../wire/index.ts";
import { StrongroomError } from "../../src/words/index.ts";
import { counting, withNews } from "./counting.ts";
import { contentOf, countOf, type ElementPlace, elementAt, hasQuirk, placeAt, rangesOf, type Where, withContent, withContentByHand, withPicker } from "./elements.ts";
import { looked } from "./inventory.ts";
import { isMagazineOut } from "./reach.ts";

/**
 * What hands do to a changer, as functions of its state. Each gives the state that follows, the same one where nothing changes; what hands
 * cannot do is refused with a StrongroomError of kind `operator`. Whoever calls them sees to locks (`mailSlotsHeld`).
 */
export function openDoor(state: LibraryState): LibraryState {
  if (state.changer.isDoorOpen) return state;
  return counting(withChanger(state, { isDoorOpen: true }), { doorOpenings: 1 });
}

/** The changer looks into all its elements then, unless it is one that does so when asked alone. */
export function closeDoor(state: LibraryState): LibraryState {
  if (!state.changer.isDoorOpen) return state;
  const shut = withNews(withChanger(state, { isDoorOpen: false }), senses.mediumMayHaveChanged.code);
  return hasQuirk(state, "scans-when-asked") ? shut : looked(shut);
}

export function openMailDoor(state: LibraryState): LibraryState {
  if (state.changer.isMailDoorOpen) return state;
  if (state.mailSlots.length === 0) throw refusal("NO_MAIL_SLOTS", "the library has no mail slots", "open its door instead");
  return counting(withChanger(state, { isMailDoorOpen: true }), { mailDoorOpenings: 1 });
}

export function closeMailDoor(state: LibraryState): LibraryState {
  if (!state.changer.isMailDoorOpen) return state;
  return { ...withChanger(state, { isMailDoorOpen: false }), handsAtMailSlots: state.handsAtMailSlots + 1 };
}

/** How many magazines there are, in or out. */
export function magazineCount({ shape, slots }: LibraryState): number {
  return shape.slotsPerMagazine === 0 ? 0 : Math.ceil(slots.length / shape.slotsPerMagazine);
}

/** `number` from 0. */
export function removeMagazine(state: LibraryState, number: number): LibraryState {
  mustHaveMagazine(state, number);
  if (state.changer.magazinesOut.includes(number)) return state;
  const magazinesOut = [...state.changer.magazinesOut, number].sort((one, other) => one - other);
  return withNews(withChanger(state, { magazinesOut }), senses.magazineRemoved.code);
}

/** The changer looks into it then, unless it is one that does so when asked alone. */
export function insertMagazine(state: LibraryState, number: number): LibraryState {
  mustHaveMagazine(state, number);
  if (!state.changer.magazinesOut.includes(number)) return state;
  const magazinesOut = state.changer.magazinesOut.filter((one) => one !== number);
  const { slotsPerMagazine } = state.shape;
  const first = placeAt(state, "slot", number * slotsPerMagazine).address;
  const inserted = withNews(withChanger(state, { magazinesOut }), senses.magazineInserted.code);
  return hasQuirk(state, "scans-when-asked") ? inserted : looked(inserted, { first, count: slotsPerMagazine });
}

/** Its next movement fails with the cartridge in hand. */
export function jamGripper(state: LibraryState, picker: number): LibraryState {
  mustHavePicker(state, picker);
  const before = state.pickers[picker]!;
  return before.gripper === "stuck" ? state : withPicker(state, picker, { ...before, gripper: "failing" });
}

/** What it holds it goes on holding, until it is told where to put it. */
export function freeGripper(state: LibraryState, picker: number): LibraryState {
  mustHavePicker(state, picker);
  const before = state.pickers[picker]!;
  const freed = withPicker(state, picker, { ...before, gripper: "well" });
  return before.gripper === "stuck" ? withNews(freed, senses.mediumMayHaveChanged.code) : freed;
}

/** As when the power failed in the middle of a movement: the cartridge stays in the gripper. */
export function leaveInPicker(state: LibraryState, barcode: string, picker: number): LibraryState {
  mustHavePicker(state, picker);
  const from = elementOf(state, barcode);
  if (from === undefined || from.where === "transport") throw noSuchCartridge(barcode);
  const cartridge = contentOf(state, from)!;
  if (!cartridge.ejected) throw refusal("CARTRIDGE_ELSEWHERE", `${barcode} is in a drive that has not let go of it`, "unload it first");
  if (state.pickers[picker]!.cartridge !== null) throw refusal("PICKER_FULL", `picker ${picker} holds a cartridge already`, "have that put away first");
  const held = withContent(withContent(state, from, null), placeAt(state, "transport", picker), { barcode, source: from.address, ejected: true });
  return withNews(held, senses.mediumMayHaveChanged.code);
}

/** What a reader sees on the cartridge from now on: null nothing readable, undefined what it says by itself. */
export function setLabel(state: LibraryState, barcode: string, seen: string | null | undefined): LibraryState {
  if (typeof seen === "string" && !/^[\x21-\x7e]{1,32}$/.test(seen)) {
    throw refusal("BARCODE_INVALID", "a label has 1 to 32 visible ASCII characters; nothing was changed", "give another text");
  }
  const others = Object.entries(state.changer.labels).filter(([of]) => of !== barcode);
  return withChanger(state, { labels: Object.fromEntries(seen === undefined ? others : [...others, [barcode, seen] as const]) });
}

/**
 * Moves a cartridge behind the changer's back, from wherever it is (the shelf too), to a slot or to the shelf. Slots are reached through the open
 * door, or in a magazine that is out.
 */
export function moveByHand(state: LibraryState, barcode: string, to: { readonly slot: number } | "shelf"): LibraryState {
  const from = elementOf(state, barcode);
  if (from !== undefined && to !== "shelf" && from.where === "slot" && from.number === to.slot) return state;
  if (from !== undefined) mustReach(state, from);
  const emptied = from === undefined ? state : withContentByHand(state, from, null);
  if (to === "shelf") return emptied;
  if (!Number.isInteger(to.slot) || to.slot < 0 || to.slot >= countOf(state, "slot")) {
    throw refusal("SLOT_MISSING", "there is no such slot; nothing was moved", "list the library to see its slots");
  }
  const place = placeAt(state, "slot", to.slot);
  mustReach(state, place);
  if (contentOf(state, place) !== null) {
    throw refusal("SLOT_FULL", "there is a cartridge in that slot already; nothing was moved", "choose an empty slot");
  }
  return withContentByHand(emptied, place, { barcode, source: null, ejected: true });
}

/** The element in which that cartridge truly is; undefined when it is in none. */
export function elementOf(state: LibraryState, barcode: string): ElementPlace | undefined {
  const isIt = (one: { readonly barcode: string } | null | undefined): boolean => one?.barcode === barcode;
  const numbers: Readonly<Record<Where, number>> = {
    slot: state.slots.findIndex(isIt),
    mailSlot: state.mailSlots.findIndex(isIt),
    drive: state.drives.findIndex(({ cartridge }) => isIt(cartridge)),
    transport: state.pickers.findIndex(({ cartridge }) => isIt(cartridge)),
  };
  const range = rangesOf(state).find(({ where }) => numbers[where] !== -1);
  return range === undefined ? undefined : elementAt(state, range.first + numbers[range.where]);
}

function mustReach(state: LibraryState, place: ElementPlace): void {
  if (place.where === "drive" && contentOf(state, place)?.ejected === false) {
    throw refusal("CARTRIDGE_ELSEWHERE", "a drive has not let go of the cartridge; nothing was moved", "unload it first");
  }
  if (state.changer.isDoorOpen || isMagazineOut(state, place)) return;
  throw refusal("DOOR_SHUT", "no hand gets there while the door is shut; nothing was moved", "open the door, or take the magazine out");
}

function mustHaveMagazine(state: LibraryState, number: number): void {
  if (Number.isInteger(number) && number >= 0 && number < magazineCount(state)) return;
  throw refusal("MAGAZINE_MISSING", `there is no such magazine: the library has ${magazineCount(state)}`, "list the library to see its magazines");
}

function mustHavePicker(state: LibraryState, picker: number): void {
  if (Number.isInteger(picker) && picker >= 0 && picker < state.pickers.length) return;
  throw refusal("PICKER_MISSING", `there is no such picker: the library has ${state.pickers.length}`, "count from 0");
}

function withChanger(state: LibraryState, part: Partial<LibraryState["changer"]>): LibraryState {
  return { ...state, changer: { ...state.changer, ...part } };
}

function refusal(code: string, message: string, hint: string): StrongroomError {
  return new StrongroomError("operator", code, message, { hint });
}
