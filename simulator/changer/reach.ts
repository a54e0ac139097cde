import type { LibraryState } from "../home/index.ts";
import { accessTo, driveModel, meaningOfLabel } from "../models/index.ts";
import { type SenseFields, senses } from "../wire/index.ts";
import { contentOf, type ElementPlace, hasQuirk, knownContentOf } from "./elements.ts";
import { tagSeen } from "./labels.ts";

/** A code that makers of libraries share: no standard has one for this. It is told of elements alone, never as the sense of a command. */
const labelUnreadable = 0x8300;

/** Whether that slot is in a magazine that is out. */
export function isMagazineOut(state: LibraryState, { where, number }: ElementPlace): boolean {
  const { slotsPerMagazine } = state.shape;
  return where === "slot" && slotsPerMagazine > 0 && state.changer.magazinesOut.includes(Math.floor(number / slotsPerMagazine));
}

export function isDriveOff(state: LibraryState, { where, number }: ElementPlace): boolean {
  return where === "drive" && state.drives[number]?.isOff === true;
}

/** Why nothing moves now, whatever the elements; undefined when the robot can work. */
export function standstillOf(state: LibraryState): SenseFields | undefined {
  const isStuck = state.pickers.every(({ gripper }) => gripper === "stuck");
  return state.changer.isDoorOpen || isStuck ? senses.manualIntervention : undefined;
}

/** Additional sense for READ ELEMENT STATUS when the element is in an exceptional state (SMC-3, 6.11.5). */
export function troubleOf(state: LibraryState, place: ElementPlace): number | undefined {
  if (isMagazineOut(state, place)) return senses.magazineOut.code;
  if (isDriveOff(state, place)) return senses.driveOff.code;
  if (place.where === "transport" && state.pickers[place.number]?.gripper === "stuck") return senses.gripperStuck.code;
  const cartridge = knownContentOf(state, place);
  return cartridge !== null && !hasQuirk(state, "no-barcode-reader") && tagSeen(state, cartridge.barcode) === null ? labelUnreadable : undefined;
}

/** ACCESS: whether a picker could come to it now. */
export function isReachable(state: LibraryState, place: ElementPlace): boolean {
  if (hasQuirk(state, "no-access-bits") || place.where === "transport" || state.changer.isDoorOpen) return false;
  if (place.where === "mailSlot") return !state.changer.isMailDoorOpen;
  if (place.where === "slot") return !isMagazineOut(state, place);
  const cartridge = contentOf(state, place);
  return !isDriveOff(state, place) && (cartridge === null || cartridge.ejected);
}

/** Why a picker does not go to that element. */
export function obstacleAt(state: LibraryState, place: ElementPlace): SenseFields | undefined {
  if (isMagazineOut(state, place)) return senses.magazineOut;
  if (isDriveOff(state, place)) return senses.elementDisabled;
  return place.where === "mailSlot" && state.changer.isMailDoorOpen ? senses.mailDoorOpen : undefined;
}

/** Whether a guarding changer keeps that cartridge out of that drive; it knows both by barcode and model alone. */
export function isUnfit(state: LibraryState, barcode: string, place: ElementPlace): boolean {
  if (place.where !== "drive" || !hasQuirk(state, "guards-generations")) return false;
  const media = meaningOfLabel(barcode)?.media;
  const model = driveModel(state.drives[place.number]!.model);
  return media !== undefined && model !== undefined && accessTo(model, media.name) === "refuses";
}
