import { openReservedTapeDrive, openTapeDrive, type TapeDrive } from "../devices/tape/index.ts";
import type { ReservationKey, Transport } from "../scsi/index.ts";
import { systemClock } from "../words/index.ts";

/** A drive that other hosts can reach too; without a key it is not reserved. */
export async function openSharedDrive(transport: Transport, key: ReservationKey | undefined): Promise<TapeDrive> {
  return key === undefined ? openTapeDrive(transport, systemClock) : await openReservedTapeDrive(transport, systemClock, key);
}
