import type { Cartridge } from "../home/index.ts";
import { alertFlags } from "./alerts/index.ts";
import { cleaned, cleaningMs, cleaningsOf, countCleaning, mostCleanings } from "./care/index.ts";
import { setEjected } from "./ejecting.ts";
import type { Drive } from "./model.ts";

/**
 * A cleaning cartridge came in. One that is used up is not used, and the drive lets go of it; any other runs over the head, and is let go of when it has.
 * What was threaded in the drive is not asked for meanwhile.
 */
export async function cleanWith(drive: Drive, cartridge: Cartridge): Promise<void> {
  if (cleaningsOf(cartridge) >= mostCleanings) {
    drive.occupant = "expired";
    drive.alerts.raise(alertFlags.expiredCleaningMedium);
    await setEjected(drive, true);
    return;
  }
  await countCleaning(cartridge);
  drive.occupant = "cleaning";
  drive.clockwork.cleans(cleaningMs);
  await endCleaning(drive);
}

/** Where machines take no time a cleaning is over at once. */
export async function endCleaning(drive: Drive): Promise<void> {
  if (drive.clockwork.work() !== undefined) return;
  await drive.life.keep(cleaned);
  drive.counters.cleanings += 1;
  await setEjected(drive, true);
}
