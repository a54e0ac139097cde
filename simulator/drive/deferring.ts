import { check, type Outcome, senses } from "../wire/index.ts";
import { alertFlags } from "./alerts/index.ts";
import type { Drive } from "./model.ts";

/**
 * What was taken and is not on the tape yet cannot be written (SSC-5, 4.2.9; SPC-5, 4.4.7): the data end where the tape does, and the path whose command came
 * last is told with its next one. Where nothing waits in the buffer nothing happens.
 */
export async function loseBuffer(drive: Drive): Promise<void> {
  const { medium, caller, alerts, errors, life } = drive;
  if (medium === undefined) return;
  const { store } = medium.cartridge;
  const { objectCount } = store.index;
  await store.dropUnsynced();
  if (store.index.objectCount === objectCount) return;
  medium.position = Math.min(medium.position, store.index.objectCount);
  drive.deferred = { nexus: caller, sense: { ...senses.unwritable, deferred: true } };
  for (const flag of [alertFlags.hardError, alertFlags.writeFailure]) alerts.raise(flag);
  errors.add("writing", { uncorrected: 1 });
  life.countHardError("hardWriteErrors");
}

/** The command that ends so is not run. */
export function takeDeferred(drive: Drive, nexus: string): Outcome | undefined {
  if (drive.deferred?.nexus !== nexus) return undefined;
  const { sense } = drive.deferred;
  drive.deferred = undefined;
  return check(sense);
}
