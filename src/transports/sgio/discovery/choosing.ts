import { printable, StrongroomError } from "../../../words/index.ts";
import { realPath } from "./attributes.ts";
import type { ScsiDevice, ScsiDeviceKind } from "./devices.ts";

const serialPrefix = "serial:";

const kindWords: Readonly<Record<ScsiDeviceKind, string>> = {
  drive: "tape drive",
  changer: "media changer",
  optical: "optical drive",
  disk: "disk",
  other: "device of another kind",
};

/**
 * The device that `reference` names: any of its nodes (`/dev/sg3`, `/dev/nst0`), a link to one (`/dev/tape/by-id/…`), or
 * `serial:NUMBER`. Throws `DEVICE_MISSING`, `DEVICE_WRONG_KIND`, `DEVICE_AMBIGUOUS`.
 */
export function deviceNamed(devices: readonly ScsiDevice[], reference: string, kind: ScsiDeviceKind): ScsiDevice {
  if (reference.startsWith(serialPrefix)) return deviceWithSerial(devices, reference.slice(serialPrefix.length), kind);
  const path = realPath(reference);
  const device = devices.find(({ nodes }) => nodes.includes(path) || nodes.includes(reference));
  if (device === undefined) throw missing(`no SCSI device is called ${printable(reference)}`, devices, kind);
  if (device.kind === kind) return device;
  throw new StrongroomError("usage", "DEVICE_WRONG_KIND", `${printable(reference)} is a ${kindWords[device.kind]}, not a ${kindWords[kind]}`, {
    hint: candidates(devices, kind),
  });
}

/** Of several paths to one device (two ports, two host adapters) the first that works; two different devices are ambiguous. */
export function deviceWithSerial(devices: readonly ScsiDevice[], serial: string, kind: ScsiDeviceKind): ScsiDevice {
  const alike = devices.filter((device) => device.kind === kind && device.serial === serial);
  const [first] = alike;
  if (first === undefined) throw missing(`no ${kindWords[kind]} with serial number ${printable(serial)} is on this machine`, devices, kind);
  const stranger = alike.find(({ vendor, product }) => vendor !== first.vendor || product !== first.product);
  if (stranger !== undefined) {
    const both = `${printable(first.address)} and ${printable(stranger.address)}`;
    throw new StrongroomError("failed", "DEVICE_AMBIGUOUS", `two different devices claim serial number ${printable(serial)}: ${both}`, {
      hint: "name the device by its path below /dev/tape/by-id",
    });
  }
  return alike.find(({ state }) => state === "running") ?? first;
}

/** What to keep in a configuration: it names the same device after the next start of the machine, where there is such a name. */
export function stableReference(device: ScsiDevice): string {
  if (device.serial !== undefined) return `${serialPrefix}${device.serial}`;
  return device.stablePath ?? device.genericPath ?? device.nodes[0] ?? device.address;
}

export interface DriveElement {
  readonly number: number;
  /** What the changer says is there (SMC-3, DVCID). */
  readonly driveSerial: string | undefined;
}

/**
 * The tape drive behind a drive element. `named` says it for changers that do not tell serial numbers: references by the number of
 * the element. Throws `DRIVE_UNMAPPED` when neither leads to a drive, else as `deviceNamed`.
 */
export function driveAt(devices: readonly ScsiDevice[], element: DriveElement, named: readonly string[] = []): ScsiDevice {
  const reference = named[element.number];
  if (reference !== undefined) return deviceNamed(devices, reference, "drive");
  if (element.driveSerial === undefined) throw unmapped("the changer does not tell which tape drive is", element);
  if (!devices.some(({ kind, serial }) => kind === "drive" && serial === element.driveSerial)) {
    throw unmapped(`no tape drive of this machine has serial number ${printable(element.driveSerial)}, which the changer says is`, element);
  }
  return deviceWithSerial(devices, element.driveSerial, "drive");
}

/** Some changers tell nothing, some cut serial numbers off. A guess could take another library's drive. */
function unmapped(what: string, { number }: DriveElement): StrongroomError {
  return new StrongroomError("failed", "DRIVE_UNMAPPED", `${what} in drive element ${String(number)}`, {
    hint: "see whether the drive is switched on and connected: lsscsi -g; else name the library's drives in the order of their elements: " +
      "\"drives\": [\"serial:NUMBER\", …] in its entry in config.json",
  });
}

function missing(what: string, devices: readonly ScsiDevice[], kind: ScsiDeviceKind): StrongroomError {
  return new StrongroomError("missing", "DEVICE_MISSING", what, { hint: candidates(devices, kind) });
}

/** At most so many are told. */
const toldLimit = 8;

function candidates(devices: readonly ScsiDevice[], kind: ScsiDeviceKind): string {
  if (devices.length === 0) return "this kernel shows no SCSI device at all: check cables and power, and whether the driver of the host adapter is loaded";
  const fitting = devices.filter((device) => device.kind === kind);
  if (fitting.length === 0) return `there is no ${kindWords[kind]} on this machine; see what there is: lsscsi -g`;
  return `use one of: ${fitting.slice(0, toldLimit).map((device) => `${printable(stableReference(device))} (${printable(`${device.vendor} ${device.product}`)})`).join(", ")}`;
}
