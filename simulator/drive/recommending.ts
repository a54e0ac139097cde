import type { ScsiCommand } from "../../src/scsi/index.ts";
import { geometryOf } from "../time/index.ts";
import type { Outcome } from "../wire/index.ts";
import { type Drive, type Medium, usedBytes } from "./model.ts";

/** Drives of full height from LTO-9 on recommend orders. */
export function recommendsOrders({ model }: Drive): boolean {
  return model.recommendsOrders;
}

export function generateAccessOrder(drive: Drive, medium: Medium, command: ScsiCommand): Outcome {
  return drive.accessOrder.generate(drive.caller, command, {
    objectCount: medium.cartridge.store.index.objectCount,
    bytesBefore: (objectNumber) => usedBytes(medium, objectNumber),
    headBytes: usedBytes(medium),
    geometry: geometryOf(drive.clockwork.figures, medium.cartridge.facts.capacityBytes),
  });
}

export function receiveAccessOrder(drive: Drive, command: ScsiCommand): Outcome {
  return drive.accessOrder.receive(drive.caller, command);
}
