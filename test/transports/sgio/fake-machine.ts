import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildVitalPage, vitalPage } from "../../../src/scsi/index.ts";
import type { SystemRoots } from "../../../src/transports/sgio/index.ts";

export interface FakeDevice {
  readonly address: string;
  readonly type: number;
  readonly vendor?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly state?: string;
  /** `scsi_generic/sg3`, `scsi_tape/nst0`, `block/sda`, … */
  readonly classes: readonly string[];
  /** Folder below /sys/devices that the device lives in. */
  readonly place?: string;
  /** Further attributes, by their path below the device. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface FakeMachine {
  readonly roots: SystemRoots;
  add(device: FakeDevice): void;
  /** A link of udev: `tape/by-id/scsi-3500 → ../../st0`. */
  link(name: string, node: string): void;
  process(id: number, command: string, ...open: readonly string[]): void;
  write(path: string, content: string | Uint8Array): void;
  remove(): void;
}

/** /sys, /dev and /proc of a machine in a temporary folder, laid out as Linux has them. */
export function fakeMachine(): FakeMachine {
  const folder = mkdtempSync(join(tmpdir(), "strongroom-machine-"));
  const roots = { sys: join(folder, "sys"), dev: join(folder, "dev"), proc: join(folder, "proc") };
  for (const root of Object.values(roots)) mkdirSync(root, { recursive: true });
  const write = (path: string, content: string | Uint8Array): void => {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  };
  const link = (target: string, path: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
  };
  return {
    roots,
    write,
    add: (device) => {
      const place = `sys/devices/${device.place ?? "pci0000:00/0000:00:10.0"}/host${device.address.split(":")[0] ?? ""}/${device.address}`;
      const texts = {
        type: String(device.type),
        vendor: (device.vendor ?? "ACME").padEnd(8),
        model: (device.model ?? "MODEL").padEnd(16),
        rev: "0001",
        state: device.state ?? "running",
        ...device.attributes,
      };
      for (const [name, text] of Object.entries(texts)) write(`${place}/${name}`, `${text}\n`);
      if (device.serial !== undefined) {
        write(`${place}/vpd_pg80`, buildVitalPage(device.type, vitalPage.serialNumber, Buffer.from(device.serial, "latin1")));
      }
      for (const path of device.classes) {
        mkdirSync(join(folder, place, path), { recursive: true });
        const node = path.replace(/^(scsi_generic|scsi_tape|scsi_changer|block)\//, "");
        write(`dev/${node}`, "");
      }
      link(join(folder, place), join(roots.sys, "bus/scsi/devices", device.address));
    },
    link: (name, node) => { link(`../../${node}`, join(roots.dev, name)); },
    process: (id, command, ...open) => {
      write(`proc/${String(id)}/comm`, `${command}\n`);
      mkdirSync(join(roots.proc, String(id), "fd"), { recursive: true });
      for (const [fd, target] of open.entries()) symlinkSync(target, join(roots.proc, String(id), "fd", String(fd)));
    },
    remove: () => { rmSync(folder, { recursive: true, force: true }); },
  };
}

/** A changer with two drives behind one adapter, an optical drive, a disk on USB, and what else the bus shows. */
export function furnish(machine: FakeMachine): void {
  const tape = (number: number) => ["st", "nst"].flatMap((name) => ["", "a", "l", "m"].map((mode) => `scsi_tape/${name}${String(number)}${mode}`));
  machine.write("sys/class/scsi_host/host7/sg_tablesize", "128\n");
  machine.write("sys/bus/scsi/devices/host7/uevent", "");
  machine.write("sys/bus/scsi/devices/target7:0:0/uevent", "");
  const drive = { type: 1, vendor: "IBM", model: "ULT3580-HH9" };
  machine.add({ ...drive, address: "7:0:10:0", serial: "10WT000002", classes: ["scsi_generic/sg5", "bsg/7:0:10:0", ...tape(1)] });
  machine.add({ ...drive, address: "7:0:2:0", serial: "10WT000001", classes: ["scsi_generic/sg3", "bsg/7:0:2:0", ...tape(0)] });
  machine.add({
    address: "7:0:2:1",
    type: 8,
    vendor: "IBM",
    model: "3573-TL",
    serial: "00L4U78W6497_LL0",
    classes: ["scsi_generic/sg4", "bsg/7:0:2:1", "scsi_changer/sch0"],
  });
  machine.add({
    address: "0:0:0:0",
    type: 5,
    vendor: "HL-DT-ST",
    model: "BD-RE WH16NS60",
    classes: ["scsi_generic/sg0", "block/sr0"],
    attributes: { "block/sr0/removable": "1", "block/sr0/size": "0" },
  });
  machine.add({
    address: "9:0:0:0",
    type: 0,
    vendor: "WD",
    model: "Elements 25A3",
    serial: "WX12345",
    place: "pci0000:00/0000:00:14.0/usb2/2-3/2-3:1.0",
    classes: ["scsi_generic/sg6", "bsg/9:0:0:0", "block/sdb"],
    attributes: { "block/sdb/removable": "0", "block/sdb/size": "3906963456", "block/sdb/queue/max_sectors_kb": "120" },
  });
  machine.add({ address: "7:0:3:0", type: 13, vendor: "LSI", model: "VirtualSES", classes: ["scsi_generic/sg7"] });
  machine.link("tape/by-id/scsi-3500507631234a001", "st0");
  machine.link("tape/by-id/scsi-3500507631234a001-nst", "nst0");
  machine.link("tape/by-id/scsi-35005076312340a0b", "sg4");
  machine.link("disk/by-id/wwn-0x5001", "sdb");
  machine.link("disk/by-id/usb-WD_Elements_25A3-0:0", "sdb");
  machine.link("disk/by-id/usb-WD_Elements_25A3-0:0-part1", "sdb1");
}
