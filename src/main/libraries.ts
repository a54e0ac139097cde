import type { VirtualLibrary } from "../../simulator/index.ts";
import { openAskedMediaChanger } from "../devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../devices/tape/index.ts";
import type { LibraryConfig, SgLibraryConfig, SimulatedLibraryConfig, StateFolder } from "../records/index.ts";
import type { ReservationKey, Transport } from "../scsi/index.ts";
import { type LocalDevices, localDevices, stableReference } from "../transports/sgio/index.ts";
import { systemClock, systemRandom } from "../words/index.ts";
import type { LibraryAccess, LocalDrive } from "../work/mount/index.ts";
import { iscsiLibrary } from "./iscsi-library.ts";
import { openSharedDrive } from "./shared-drive.ts";

/** The SCSI devices of the machine that this runs on. */
export const machine = localDevices({ clock: systemClock, processId: process.pid });

/**
 * Nothing is opened before the changer or a drive is asked for. Locks are those of the appliance. With a key, drives that other hosts may
 * reach are reserved with it while they are open.
 */
export function openLibrary(
  config: LibraryConfig,
  lock: StateFolder["lock"],
  devices: LocalDevices = machine,
  key?: ReservationKey,
): LibraryAccess {
  switch (config.kind) {
    case "simulator":
      return simulatedLibrary(config);
    case "sg":
      return sgLibrary(config, devices, key);
    case "iscsi":
      return iscsiLibrary(config, lock, key);
  }
}

/** Loaded where there is one: appliances with real libraries do not wait for it. */
async function openSimulated(folder: string): Promise<VirtualLibrary> {
  const { openLibrary } = await import("../../simulator/index.ts");
  return await openLibrary(folder, systemRandom);
}

/** LUN 0 of a simulated library is its changer, LUN n its drive n - 1. */
function simulatedLibrary({ name, folder }: SimulatedLibraryConfig): LibraryAccess {
  let opening: Promise<VirtualLibrary> | undefined;
  const transport = async (lun: number): Promise<Transport> => await (await (opening ??= openSimulated(folder))).transport(lun);
  return {
    name,
    openChanger: async () => openAskedMediaChanger(await transport(0), systemClock),
    openDrive: async ({ number }) => openTapeDrive(await transport(number + 1), systemClock),
  };
}

function sgLibrary({ name, changer, drives }: SgLibraryConfig, devices: LocalDevices, key: ReservationKey | undefined): LibraryAccess {
  return {
    name,
    openChanger: async () => openAskedMediaChanger(await devices.openChanger(changer), systemClock),
    openDrive: async (element): Promise<TapeDrive> => await openSharedDrive(await devices.openDrive(element, drives), key),
  };
}

/** The tape drives of this machine, whichever library they stand in. */
export function drivesOfMachine(devices: LocalDevices): readonly LocalDrive[] {
  return devices.list().filter(({ kind }) => kind === "drive").map((device) => {
    const reference = stableReference(device);
    return { reference, open: async () => openTapeDrive(await devices.openDrive({ number: 0, driveSerial: undefined }, [reference]), systemClock) };
  });
}
