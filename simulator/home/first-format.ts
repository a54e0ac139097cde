import { usualDriveModel } from "../models/index.ts";

/** Libraries of the first format knew one kind of drive and its cartridges, whatever barcodes said. What is read is made what this program writes. */
export function renewState(value: unknown): unknown {
  if (!isRecord(value) || value["format"] !== "virtual tape library 1" || !Array.isArray(value["drives"])) return value;
  const drives = value["drives"].map((drive: unknown) => (isRecord(drive) ? { ...drive, model: usualDriveModel } : drive));
  return { ...value, format: "virtual tape library 2", drives };
}

export function renewFacts(value: unknown): unknown {
  return isRecord(value) && value["generation"] === undefined ? { ...value, generation: usualDriveModel } : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
