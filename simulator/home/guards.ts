import { isContent } from "../storage/index.ts";
import { driveModel, mediaModel } from "../models/index.ts";
import { isChanger } from "./changer-guards.ts";
import { isDriveCare } from "./drive-care.ts";
import { isDriveCondition, isUnitCondition } from "./unit-condition.ts";
import type { CartridgeFacts, LibraryState, PlacedCartridge } from "./contract.ts";

/** Whether a file of unknown origin holds what this program writes there. */
export function isLibraryState(value: unknown): value is LibraryState {
  if (!isRecord(value) || value["format"] !== "virtual tape library 3" || typeof value["serial"] !== "string") return false;
  if (!isCount(value["handsAtMailSlots"]) || !isCount(value["becomingReadyAnswers"]) || !isUnitCondition(value) || !isContentOrNone(value)) return false;
  const drives = value["drives"];
  if (!Array.isArray(drives) || drives.length === 0) return false;
  const { slots, mailSlots, shape, changer, pickers } = value;
  if (!drives.every(isDrive) || !isPlaces(slots) || !isPlaces(mailSlots)) return false;
  return isChanger({ shape, changer, pickers, slots, mailSlots, drives }, isPlace);
}

export function isCartridgeFacts(value: unknown): value is CartridgeFacts {
  if (!isRecord(value) || typeof value["barcode"] !== "string" || typeof value["serial"] !== "string") return false;
  if (value["isNew"] !== undefined && typeof value["isNew"] !== "boolean") return false;
  const isKind = value["kind"] === "data" || value["kind"] === "worm" || value["kind"] === "cleaning";
  if (typeof value["generation"] !== "string" || mediaModel(value["generation"]) === undefined) return false;
  return isKind && isContentOrNone(value) && isCount(value["capacityBytes"]) && typeof value["writeProtected"] === "boolean";
}

/** `{ "0x0800": [format, hex] }` */
export function isMemoryText(value: unknown): value is Record<string, readonly [number, string]> {
  const isAttribute = (attribute: unknown): boolean =>
    Array.isArray(attribute) &&
    attribute.length === 2 &&
    isCount(attribute[0]) &&
    typeof attribute[1] === "string" &&
    /^([0-9a-f]{2})*$/.test(attribute[1]);
  return isRecord(value) && Object.entries(value).every(([id, attribute]) => /^[1-3]?[0-9a-f]{4}$/.test(id) && isAttribute(attribute));
}

function isContentOrNone({ content }: Record<string, unknown>): boolean {
  return content === undefined || isContent(content);
}

function isModel(value: unknown): boolean {
  return typeof value === "string" && driveModel(value) !== undefined;
}

function isDrive(drive: unknown): boolean {
  if (!isRecord(drive) || typeof drive["serial"] !== "string" || !isModel(drive["model"])) return false;
  return isPlace(drive["cartridge"]) && isCount(drive["insertions"]) && isDriveCondition(drive) && isDriveCare(drive["care"]);
}

function isPlaces(value: unknown): value is readonly (PlacedCartridge | null)[] {
  return Array.isArray(value) && value.every(isPlace);
}

function isPlace(value: unknown): value is PlacedCartridge | null {
  if (value === null) return true;
  if (!isRecord(value) || typeof value["barcode"] !== "string" || typeof value["ejected"] !== "boolean") return false;
  return value["source"] === null || isCount(value["source"]);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
