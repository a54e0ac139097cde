import { newChanger } from "./changer-contract.ts";
import { overlapOf } from "./changer-shape.ts";
import { isQuirk } from "./quirks.ts";

type Fields = Record<string, unknown>;

/** The element lists of a library of unknown origin, and what is beyond them: whether it is all as this program writes it. */
export interface ChangerFields {
  readonly shape: unknown;
  readonly changer: unknown;
  readonly pickers: unknown;
  readonly slots: readonly unknown[];
  readonly mailSlots: readonly unknown[];
  readonly drives: readonly unknown[];
}

const mostLabelCharacters = 32;

export function isChanger({ shape, changer, pickers, slots, mailSlots, drives }: ChangerFields, isPlace: (value: unknown) => boolean): boolean {
  if (!isFields(shape) || !isFields(changer) || !Array.isArray(pickers) || pickers.length === 0) return false;
  const counts = { transport: pickers.length, mailSlot: mailSlots.length, drive: drives.length, slot: slots.length };
  const first = shape["firstAddresses"];
  if (!isFields(first) || !isAddresses(first) || overlapOf(first, counts) !== undefined) return false;
  const { slotsPerMagazine, reservedSlots } = shape;
  if (!isCount(slotsPerMagazine) || slotsPerMagazine > slots.length || !isCount(reservedSlots) || reservedSlots >= slots.length) return false;
  const magazines = slotsPerMagazine === 0 ? 0 : Math.ceil(slots.length / slotsPerMagazine);
  return Array.isArray(shape["quirks"]) && shape["quirks"].every(isQuirk) && pickers.every((one) => isPicker(one, isPlace)) && isCondition(changer, magazines, isPlace);
}

function isAddresses(value: Fields): value is Fields & Readonly<Record<"transport" | "mailSlot" | "drive" | "slot", number>> {
  return ["transport", "mailSlot", "drive", "slot"].every((kind) => isCount(value[kind]));
}

function isPicker(value: unknown, isPlace: (value: unknown) => boolean): boolean {
  return isFields(value) && isPlace(value["cartridge"]) && ["well", "failing", "stuck"].includes(value["gripper"] as string);
}

function isCondition(value: Fields, magazines: number, isPlace: (value: unknown) => boolean): boolean {
  const { magazinesOut, labels, beliefs, news, counters } = value;
  if (typeof value["isDoorOpen"] !== "boolean" || typeof value["isMailDoorOpen"] !== "boolean") return false;
  if (!Array.isArray(magazinesOut) || !magazinesOut.every((one) => isCount(one) && one < magazines)) return false;
  const isLabel = (label: unknown): boolean => label === null || (typeof label === "string" && label.length <= mostLabelCharacters);
  return (
    isFields(labels) && Object.values(labels).every(isLabel) &&
    isFields(beliefs) && Object.entries(beliefs).every(([address, place]) => /^\d{1,5}$/.test(address) && isPlace(place)) &&
    isFields(news) && Object.entries(news).every(([code, count]) => /^[0-9a-f]{4}$/.test(code) && isCount(count)) &&
    isFields(counters) && Object.keys(newChanger.counters).every((name) => isCount(counters[name]))
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
