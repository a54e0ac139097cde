import type { ScsiCommand } from "../../src/scsi/index.ts";
import { geometryOf } from "../time/index.ts";
import type { Outcome } from "../wire/index.ts";
import { type Drive, type Medium, tapeBytes } from "./model.ts";

/** Drives of full height from LTO-9 on recommend orders. */
export function recommendsOrders({ model }: Drive): boolean {
  return model.recommendsOrders;
}

export function generateAccessOrder(drive: Drive, medium: Medium, command: ScsiCommand): Outcome {
  return drive.accessOrder.generate(drive.caller, command, {
    objectCounts: medium.cartridge.store.indexes.map(({ objectCount }) => objectCount),
    bytesBefore: (objectNumber, partition) => tapeBytes(medium, objectNumber, partition),
    headBytes: tapeBytes(medium),
    geometry: geometryOf(drive.clockwork.figures, medium.cartridge.facts.capacityBytes),
  });
}

export function receiveAccessOrder(drive: Drive, command: ScsiCommand): Outcome {
  return drive.accessOrder.receive(drive.caller, command);
}
