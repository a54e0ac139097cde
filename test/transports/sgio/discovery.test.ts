import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  deviceNamed,
  discoverDevices,
  driveAt,
  type ScsiDevice,
  type ScsiDeviceKind,
  stableReference,
} from "../../../src/transports/sgio/index.ts";
import { type FakeMachine, fakeMachine, furnish } from "./fake-machine.ts";

let machine: FakeMachine;
const discover = (): readonly ScsiDevice[] => discoverDevices(machine.roots);
const dev = (name: string): string => join(machine.roots.dev, name);
beforeEach(() => { machine = fakeMachine(); });
afterEach(() => { machine.remove(); });

const codeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (thrown) {
    return (thrown as { code?: unknown }).code;
  }
};

describe("the devices of a machine", () => {
  it("are none where there is no SCSI", () => {
    expect(discover()).toEqual([]);
  });

  it("are found in the order of their addresses, with what sysfs tells", () => {
    furnish(machine);
    const devices = discover();
    expect(devices.map(({ address, kind }) => `${address} ${kind}`)).toEqual([
      "0:0:0:0 optical", "7:0:2:0 drive", "7:0:2:1 changer", "7:0:3:0 other", "7:0:10:0 drive", "9:0:0:0 disk",
    ]);
    expect(devices[1]).toEqual({
      address: "7:0:2:0",
      kind: "drive",
      vendor: "IBM",
      product: "ULT3580-HH9",
      revision: "0001",
      serial: "10WT000001",
      genericPath: dev("sg3"),
      bsgPath: dev("bsg/7:0:2:0"),
      nodes: ["sg3", "bsg/7:0:2:0", "nst0", "nst0a", "nst0l", "nst0m", "st0", "st0a", "st0l", "st0m"].map(dev),
      stablePath: dev("tape/by-id/scsi-3500507631234a001"),
      isUsb: false,
      isRemovable: false,
      sizeBytes: undefined,
      state: "running",
      transferLimitBytes: 128 * 4096,
    });
    expect(devices[2]).toMatchObject({ stablePath: dev("tape/by-id/scsi-35005076312340a0b"), nodes: ["sg4", "bsg/7:0:2:1", "sch0"].map(dev) });
    expect(devices[0]).toMatchObject({ isRemovable: true, sizeBytes: undefined, serial: undefined, bsgPath: undefined, transferLimitBytes: undefined });
    expect(devices[5]).toMatchObject({
      isUsb: true,
      sizeBytes: 2_000_365_289_472,
      stablePath: dev("disk/by-id/usb-WD_Elements_25A3-0:0"),
      transferLimitBytes: 120 * 1024,
    });
  });

  it("may say anything of themselves", () => {
    machine.add({ address: "1:0:0:0", type: 1, vendor: "\u001b[2J", serial: "  \u0000 ", classes: [], attributes: { type: "999999999999999999", state: "" } });
    machine.write("sys/devices/pci0000:00/0000:00:10.0/host1/1:0:0:0/vpd_pg80", Uint8Array.of(1, 0x80, 0xff, 0xff, 0x41));
    expect(discover()).toMatchObject([{ kind: "other", serial: "A", genericPath: undefined, nodes: [], state: "unknown" }]);
    machine.write("sys/devices/pci0000:00/0000:00:10.0/host1/1:0:0:0/vpd_pg80", "");
    expect(discover()).toMatchObject([{ serial: undefined }]);
  });
});

describe("a device is chosen", () => {
  const chosen = (reference: string, kind: ScsiDeviceKind): unknown => codeOf(() => deviceNamed(discover(), reference, kind).address);
  beforeEach(() => { furnish(machine); });

  it("by each of its nodes, by a link, by its serial number", () => {
    for (const name of ["sg3", "nst0", "st0m", "bsg/7:0:2:0", "tape/by-id/scsi-3500507631234a001"]) expect(chosen(dev(name), "drive"), name).toBe("7:0:2:0");
    expect(chosen("serial:10WT000002", "drive")).toBe("7:0:10:0");
    expect(chosen("serial:00L4U78W6497_LL0", "changer")).toBe("7:0:2:1");
  });

  it("only when it is of the right kind, and there", () => {
    expect(chosen(dev("sg3"), "changer")).toBe("DEVICE_WRONG_KIND");
    expect(chosen(dev("sg99"), "changer")).toBe("DEVICE_MISSING");
    expect(chosen("serial:10WT000001", "changer")).toBe("DEVICE_MISSING");
    expect(() => deviceNamed(discover(), dev("sg99"), "drive")).toThrow(expect.objectContaining({
      hint: "use one of: serial:10WT000001 (IBM ULT3580-HH9), serial:10WT000002 (IBM ULT3580-HH9)",
    }) as Error);
  });

  it("on the path that works, when there are two; not among strangers", () => {
    const second = { address: "8:0:2:0", type: 1, vendor: "IBM", model: "ULT3580-HH9", serial: "10WT000001", classes: ["scsi_generic/sg8"] };
    machine.add(second);
    expect(chosen("serial:10WT000001", "drive")).toBe("7:0:2:0");
    machine.write("sys/devices/pci0000:00/0000:00:10.0/host7/7:0:2:0/state", "offline\n");
    expect(chosen("serial:10WT000001", "drive")).toBe("8:0:2:0");
    machine.add({ ...second, address: "8:0:3:0", vendor: "HPE", classes: ["scsi_generic/sg9"] });
    expect(chosen("serial:10WT000001", "drive")).toBe("DEVICE_AMBIGUOUS");
  });

  it("under a name that lasts", () => {
    expect(discover().map(stableReference)).toEqual([
      dev("sg0"), "serial:10WT000001", "serial:00L4U78W6497_LL0", dev("sg7"), "serial:10WT000002", "serial:WX12345",
    ]);
  });

  it("behind a drive element, by what the changer says or the configuration", () => {
    const at = (number: number, driveSerial: string | undefined, named?: readonly string[]) => codeOf(() => driveAt(discover(), { number, driveSerial }, named).address);
    expect(at(0, "10WT000002")).toBe("7:0:10:0");
    expect(at(1, "10WT000001")).toBe("7:0:2:0");
    expect(at(0, "10WT000009")).toBe("DRIVE_UNMAPPED");
    expect(at(0, "10")).toBe("DRIVE_UNMAPPED");
    expect(at(0, undefined)).toBe("DRIVE_UNMAPPED");
    expect(at(0, undefined, ["serial:10WT000001"])).toBe("7:0:2:0");
    expect(at(1, undefined, ["serial:10WT000001"])).toBe("DRIVE_UNMAPPED");
    expect(at(1, "10WT000001", ["serial:10WT000001", dev("sg5")])).toBe("7:0:10:0");
  });
});
