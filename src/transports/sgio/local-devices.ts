import type { openDevice } from "node-sg-ioctl";
import { inquiryCdb, parseSerialNumber, status, type Transport, vitalPage } from "../../scsi/index.ts";
import { type Clock, printable, StrongroomError } from "../../words/index.ts";
import {
  deviceNamed,
  discoverDevices,
  driveAt,
  type DriveElement,
  type ScsiDevice,
  type ScsiDeviceKind,
  stableReference,
  systemRoots,
  type SystemRoots,
} from "./discovery/index.ts";
import { held } from "./failures.ts";
import { findHolders, type HolderSearch } from "./holders.ts";
import { openSgTransport } from "./opening.ts";

export interface LocalDevicesParts {
  readonly clock: Clock;
  readonly processId: number;
  readonly roots?: SystemRoots;
  readonly open?: typeof openDevice;
}

/** The SCSI devices of this machine, looked up anew at each call: names like /dev/sg3 move, serial numbers do not. */
export interface LocalDevices {
  list(): readonly ScsiDevice[];
  /** Which other processes have one of its nodes open. */
  holders(device: ScsiDevice): HolderSearch;
  /** A name for that device that lasts, for the configuration. Throws as `deviceNamed`. */
  reference(named: string, kind: ScsiDeviceKind): string;
  openChanger(reference: string): Promise<Transport>;
  /**
   * The drive behind a drive element, for this process alone: `TRANSPORT_BUSY` while any other process has one of its nodes open,
   * whichever driver they belong to. `named` as for `driveAt`.
   */
  openDrive(element: DriveElement, named?: readonly string[]): Promise<Transport>;
}

export function localDevices({ clock, processId, roots = systemRoots, open }: LocalDevicesParts): LocalDevices {
  const holdersOf = ({ nodes }: ScsiDevice): HolderSearch => findHolders(roots.proc, nodes, processId);
  const openPath = async (device: ScsiDevice, exclusive: boolean): Promise<Transport> =>
    await openSgTransport(wayInto(device), {
      clock,
      exclusive,
      findHolders: () => holdersOf(device),
      ...(device.genericPath !== undefined || device.transferLimitBytes === undefined ? {} : { transferLimitBytes: device.transferLimitBytes }),
      ...(open === undefined ? {} : { open }),
    });

  const withSerials = async (): Promise<readonly ScsiDevice[]> =>
    await Promise.all(
      discoverDevices(roots).map(async (device) =>
        device.kind === "drive" && device.serial === undefined ? { ...device, serial: await askedSerial(() => openPath(device, false)) } : device,
      ),
    );

  return {
    list: () => discoverDevices(roots),
    holders: holdersOf,
    reference: (named, kind) => stableReference(deviceNamed(discoverDevices(roots), named, kind)),
    openChanger: async (reference) => await openPath(deviceNamed(discoverDevices(roots), reference, "changer"), false),
    openDrive: async (element, named) => {
      // Most kernels have asked for the serial numbers already; only where one is missing is the drive asked.
      const known = discoverDevices(roots);
      const isNamed = named?.[element.number] !== undefined || element.driveSerial === undefined;
      const isTold = isNamed || known.some(({ kind, serial }) => kind === "drive" && serial === element.driveSerial);
      const device = driveAt(isTold ? known : await withSerials(), element, named);
      const { holders } = holdersOf(device);
      if (holders.length > 0) throw held(`${wayInto(device)} (${device.vendor} ${device.product})`, holders);
      return await openPath(device, true);
    },
  };
}

function wayInto(device: ScsiDevice): string {
  const path = device.genericPath ?? device.bsgPath;
  if (path !== undefined) return path;
  throw new StrongroomError("missing", "DEVICE_WITHOUT_NODE", `device ${printable(device.address)} has no node to send commands through`, {
    hint: "load the kernel's driver: modprobe sg",
  });
}

const questionTimeoutMs = 30_000;
const serialPageBytes = 255;

/** Undefined when the drive does not tell, or is not to be had: then it is not found by its serial number, and the error says so. */
async function askedSerial(open: () => Promise<Transport>): Promise<string | undefined> {
  try {
    const transport = await open();
    try {
      const dataIn = new Uint8Array(serialPageBytes);
      const command = { cdb: inquiryCdb(serialPageBytes, vitalPage.serialNumber), dataIn, timeoutMs: questionTimeoutMs };
      const answer = await transport.execute(command);
      if (answer.status !== status.good) return undefined;
      const serial = parseSerialNumber(dataIn.subarray(0, answer.transferredBytes));
      return serial === "" ? undefined : serial;
    } finally {
      await transport.close();
    }
  } catch (thrown) {
    if (thrown instanceof StrongroomError) return undefined;
    throw thrown;
  }
}
