import { basename, join } from "node:path";
import { parseSerialNumber } from "../../../scsi/index.ts";
import { attribute, linkTarget, names, numberAttribute, realPath, textAttribute } from "./attributes.ts";

/** Where Linux shows what it has. Tests show trees of their own. */
export interface SystemRoots {
  readonly sys: string;
  readonly dev: string;
  readonly proc: string;
}

export const systemRoots: SystemRoots = { sys: "/sys", dev: "/dev", proc: "/proc" };

export type ScsiDeviceKind = "drive" | "changer" | "optical" | "disk" | "other";

/** A SCSI device that the kernel knows. Texts are the device's own: printable is the business of whoever shows them. */
export interface ScsiDevice {
  /** `host:channel:target:lun`; may be another after each start of the machine. */
  readonly address: string;
  readonly kind: ScsiDeviceKind;
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  /** Unit serial number, where the kernel asked for it. */
  readonly serial: string | undefined;
  /** `/dev/sg3`: the way in. Undefined while the kernel's module sg is not loaded. */
  readonly genericPath: string | undefined;
  /** `/dev/bsg/0:0:3:0`. */
  readonly bsgPath: string | undefined;
  /** Every node that leads to this device: sg, bsg, st and nst in all their variants, sch, sd, sr. */
  readonly nodes: readonly string[];
  /** A name below /dev/tape/by-id or /dev/disk/by-id that stays the same; undefined where udev makes none. */
  readonly stablePath: string | undefined;
  readonly isUsb: boolean;
  /** Of disks and optical drives. */
  readonly isRemovable: boolean;
  /** Of disks and loaded optical drives. */
  readonly sizeBytes: number | undefined;
  /** `running`, `offline`, `blocked`, … as the kernel has it. */
  readonly state: string;
  /** What one transfer through bsg or a block node may have; sg tells by itself. */
  readonly transferLimitBytes: number | undefined;
}

/** By peripheral device type (SPC-5, table 156). */
const kinds: Readonly<Record<number, ScsiDeviceKind>> = { 0: "disk", 1: "drive", 5: "optical", 7: "optical", 8: "changer", 14: "disk" };

/** In a host adapter's list of memory pieces each is a page at worst. */
const pageBytes = 4096;
/** sysfs counts in these whatever the device's own blocks are. */
const sectorBytes = 512;

/** All SCSI devices, in the order of their addresses. None on a kernel without SCSI. Opens no device and sends nothing. */
export function discoverDevices(roots: SystemRoots): readonly ScsiDevice[] {
  const links = stableLinks(roots);
  const folder = join(roots.sys, "bus/scsi/devices");
  return names(folder)
    .filter((name) => /^\d+:\d+:\d+:\d+$/.test(name))
    .sort(byNumbers)
    .map((address) => deviceAt(roots, join(folder, address), address, links));
}

function deviceAt(roots: SystemRoots, folder: string, address: string, links: ReadonlyMap<string, readonly string[]>): ScsiDevice {
  const block = names(folder, "block")[0];
  const generic = names(folder, "scsi_generic")[0];
  const bsg = names(folder, "bsg")[0];
  const others = [...names(folder, "scsi_tape"), ...names(folder, "scsi_changer"), ...(block === undefined ? [] : [block])];
  const genericPath = generic === undefined ? undefined : join(roots.dev, generic);
  const bsgPath = bsg === undefined ? undefined : join(roots.dev, "bsg", bsg);
  const sectors = block === undefined ? undefined : numberAttribute(folder, "block", block, "size");
  const serialPage = attribute(folder, "vpd_pg80");
  const serial = serialPage === undefined ? undefined : parseSerialNumber(serialPage);
  return {
    address,
    kind: kinds[numberAttribute(folder, "type") ?? -1] ?? "other",
    vendor: textAttribute(folder, "vendor") ?? "",
    product: textAttribute(folder, "model") ?? "",
    revision: textAttribute(folder, "rev") ?? "",
    serial: serial === "" ? undefined : serial,
    genericPath,
    bsgPath,
    nodes: [genericPath, bsgPath, ...others.map((name) => join(roots.dev, name))].filter((node) => node !== undefined),
    stablePath: stableLink([...others, ...(generic === undefined ? [] : [generic])], links),
    isUsb: /\/usb\d+\//.test(realPath(folder)),
    isRemovable: block !== undefined && numberAttribute(folder, "block", block, "removable") === 1,
    sizeBytes: sectors === undefined || sectors === 0 ? undefined : sectors * sectorBytes,
    state: textAttribute(folder, "state") ?? "unknown",
    transferLimitBytes: transferLimit(roots, folder, address, block),
  };
}

function transferLimit(roots: SystemRoots, folder: string, address: string, block: string | undefined): number | undefined {
  const pieces = numberAttribute(roots.sys, "class/scsi_host", `host${address.split(":")[0] ?? ""}`, "sg_tablesize");
  const queueKibibytes = block === undefined ? undefined : numberAttribute(folder, "block", block, "queue/max_sectors_kb");
  const limits = [pieces === undefined ? undefined : pieces * pageBytes, queueKibibytes === undefined ? undefined : queueKibibytes * 1024];
  const known = limits.filter((limit) => limit !== undefined && limit > 0) as readonly number[];
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Name of a node → the links of udev that lead to it. */
function stableLinks(roots: SystemRoots): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const folder of ["tape/by-id", "disk/by-id"].map((name) => join(roots.dev, name))) {
    for (const name of names(folder)) {
      const path = join(folder, name);
      const target = linkTarget(path);
      if (target === undefined) continue;
      const node = basename(target);
      found.set(node, [...(found.get(node) ?? []), path]);
    }
  }
  return found;
}

/** The one to show: named after the model rather than after a number, without a suffix for a variant, so the shortest. */
function stableLink(nodes: readonly string[], links: ReadonlyMap<string, readonly string[]>): string | undefined {
  const candidates = nodes.flatMap((node) => links.get(node) ?? []).filter((path) => !/-part\d+$|-nst[alm]?$/.test(path));
  const rank = (path: string): number => (basename(path).startsWith("wwn-") ? 1 : 0);
  return candidates.sort((one, other) => rank(one) - rank(other) || one.length - other.length || (one < other ? -1 : 1))[0];
}

function byNumbers(one: string, other: string): number {
  const [left, right] = [one.split(":").map(Number), other.split(":").map(Number)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at === -1 ? 0 : left[at]! - right[at]!;
}
