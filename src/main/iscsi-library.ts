import { openAskedMediaChanger } from "../devices/changer/index.ts";
import type { IscsiLibraryConfig, StateFolder } from "../records/index.ts";
import type { ReservationKey, Transport } from "../scsi/index.ts";
import { openIscsiTransports } from "../transports/iscsi/index.ts";
import { StrongroomError, systemClock, systemRandom } from "../words/index.ts";
import type { LibraryAccess } from "../work/mount/index.ts";
import { openSharedDrive } from "./shared-drive.ts";

/**
 * A library behind an iSCSI target. Unlike the kernel's devices, its drives can be opened by any number of sessions: within this
 * appliance a lock per drive keeps two processes from writing on one tape, between hosts a reservation with `key`.
 */
export function iscsiLibrary(config: IscsiLibraryConfig, lock: StateFolder["lock"], key?: ReservationKey): LibraryAccess {
  const { name, portal, target, initiator, digests, chap, changerLun, driveLuns } = config;
  const place = { portal, target, initiator, digests, clock: systemClock, random: systemRandom };
  const units = openIscsiTransports(chap === undefined ? place : { ...place, chap });
  return {
    name,
    openChanger: async () => openAskedMediaChanger(await units.transport(changerLun), systemClock),
    openDrive: async ({ number }) => {
      const lun = driveLuns[number];
      if (lun === undefined) throw noSuchUnit(name, number);
      const transport = await locked(async () => await units.transport(lun), () => lock(`drive-${name}-${String(number)}`, "using the drive"));
      return await openSharedDrive(transport, key);
    },
  };
}

/** The transport with its lock, which is given back when it is closed. */
async function locked(open: () => Promise<Transport>, take: () => { release(): void }): Promise<Transport> {
  const held = take();
  try {
    const transport = await open();
    return {
      name: transport.name,
      maxTransferBytes: transport.maxTransferBytes,
      execute: async (command) => await transport.execute(command),
      close: async () => {
        try {
          await transport.close();
        } finally {
          held.release();
        }
      },
    };
  } catch (thrown) {
    held.release();
    throw thrown;
  }
}

function noSuchUnit(library: string, number: number): StrongroomError {
  return new StrongroomError("usage", "DRIVE_UNIT_UNKNOWN", `config.json does not say which logical unit drive ${String(number)} of library ${library} is`, {
    hint: "add it to driveLuns of that library, in the order of the drives",
  });
}
