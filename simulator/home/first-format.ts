import { usualDriveModel } from "../models/index.ts";
import { type ChangerShape, newChanger } from "./changer-contract.ts";
import { layouts } from "./layouts.ts";

/** What programs before this one wrote is made what this one writes. */
export function renewState(value: unknown): unknown {
  return withChanger(withModels(value));
}

/** Libraries of the first format knew one kind of drive and its cartridges, whatever barcodes said. */
function withModels(value: unknown): unknown {
  if (!isRecord(value) || value["format"] !== "virtual tape library 1" || !Array.isArray(value["drives"])) return value;
  const drives = value["drives"].map((drive: unknown) => (isRecord(drive) ? { ...drive, model: usualDriveModel } : drive));
  return { ...value, format: "virtual tape library 2", drives };
}

/** Libraries of the second format had one gripper, one layout, and nothing that could be opened but mail slots. */
function withChanger(value: unknown): unknown {
  if (!isRecord(value) || value["format"] !== "virtual tape library 2") return value;
  const { firstAddresses } = layouts.default;
  const shape: ChangerShape = { firstAddresses, slotsPerMagazine: 0, reservedSlots: 0, quirks: [] };
  return { ...value, format: "virtual tape library 3", pickers: [{ cartridge: null, gripper: "well" }], shape, changer: newChanger };
}

export function renewFacts(value: unknown): unknown {
  return isRecord(value) && value["generation"] === undefined ? { ...value, generation: usualDriveModel } : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
