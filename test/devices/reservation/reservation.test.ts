import { describe, expect, it } from "vitest";
import { openReservedTapeDrive, reservationKey } from "../../../src/devices/tape/index.ts";
import { ScriptedTransport, SleepingClock } from "../scripted-transport.ts";
import { SharedDevice } from "./shared-device.ts";

const applianceUuid = "0a0b0c0d-0000-4000-8000-000000000000";
const ours = reservationKey({ applianceUuid, machine: "here" });
const elsewhere = reservationKey({ applianceUuid, machine: "there" });
const hex = (key: Uint8Array): string => Buffer.from(key).toString("hex");
const block = new Uint8Array(512);
const write = 0x0a;

async function open(device: SharedDevice, host: string, key = ours) {
  return await openReservedTapeDrive(device.path(host), new SleepingClock(), key);
}

describe("a drive that other hosts can reach", () => {
  it("is held while it is open, and free afterwards", async () => {
    const device = new SharedDevice();
    const drive = await open(device, "here");
    expect([drive.reservation, device.holder, device.type]).toEqual(["held", "here", 3]);
    expect(device.registrations.get("here")).toBe(hex(ours));
    await drive.close();
    expect([device.holder, device.registrations.size]).toEqual([undefined, 0]);
  });

  it("works without, where it has no reservations", async () => {
    const device = new SharedDevice();
    device.hasReservations = false;
    const drive = await open(device, "here");
    expect(drive.reservation).toBe("unsupported");
    expect(await drive.writeBlock(block)).toBe("written");
  });

  it("is not used unreserved where it has reservations, and no room for another one", async () => {
    const transport = new ScriptedTransport([{ cdb: [0x5f, 0x00], sense: { key: 5, asc: 0x55, ascq: 4 } }]);
    await expect(openReservedTapeDrive(transport, new SleepingClock(), ours)).rejects.toMatchObject({ code: "RESERVATION_REFUSED" });
  });

  it("is refused while another host has it, with its name, and nothing of ours stays behind", async () => {
    const device = new SharedDevice();
    device.registrations.set("other", "00000000000000aa");
    device.holder = "other";
    const refusal: unknown = await open(device, "here").catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: "busy", code: "DEVICE_RESERVED" });
    expect(String(refusal)).toContain("another host (key 0x00000000000000aa), coming from iqn.example:other");
    expect([...device.registrations.keys()]).toEqual(["other"]);
    expect([device.holder, device.seen]).toEqual(["other", []]);
  });

  it("tells another appliance, and its own state folder on another machine, from other software", async () => {
    for (const [key, words] of [["5352ffffff000000", "another Strongroom appliance"], [hex(elsewhere), "this appliance on another machine"]] as const) {
      const device = new SharedDevice();
      device.registrations.set("other", key);
      device.holder = "other";
      await expect(open(device, "here")).rejects.toThrow(words);
      expect(device.holder).toBe("other");
    }
  });

  it("is taken over from a dead process of this appliance, along the same path and along another", async () => {
    for (const path of ["here", "former session"]) {
      const device = new SharedDevice();
      device.registrations.set(path, hex(ours));
      device.holder = path;
      await open(device, "here");
      expect([device.holder, [...device.registrations.keys()]]).toEqual(["here", ["here"]]);
    }
  });

  it("leaves alone what another program of this machine has reserved, and replaces what it merely registered", async () => {
    const device = new SharedDevice();
    device.registrations.set("here", "00000000000000bb");
    device.holder = "here";
    await expect(open(device, "here")).rejects.toMatchObject({ code: "DEVICE_RESERVED" });
    expect(device.registrations.get("here")).toBe("00000000000000bb");
    device.holder = undefined;
    await open(device, "here");
    expect([device.holder, device.registrations.get("here")]).toEqual(["here", hex(ours)]);
  });

  it("is not written any more once it was taken away, not even when it is free again", async () => {
    const device = new SharedDevice();
    const drive = await open(device, "here");
    expect(await drive.writeBlock(block)).toBe("written");
    device.registrations.delete("here");
    device.holder = "thief";
    device.attentions.set("here", [[0x2a, 0x03]]);
    await expect(drive.writeBlock(block)).rejects.toMatchObject({ code: "RESERVATION_LOST", kind: "busy" });
    device.holder = undefined;
    await expect(drive.rewind()).rejects.toMatchObject({ code: "RESERVATION_LOST" });
    await expect(drive.writeBlock(block)).rejects.toMatchObject({ code: "RESERVATION_LOST" });
    expect(device.seen).toEqual([`here ${String(write)}`]);
    await drive.close();
  });

  it("stops at a conflict that comes without news", async () => {
    const device = new SharedDevice();
    const drive = await open(device, "here");
    device.holder = "thief";
    await expect(drive.writeBlock(block)).rejects.toMatchObject({ code: "RESERVATION_LOST" });
  });

  it("is reserved again after a loss of power, before the next command", async () => {
    const device = new SharedDevice();
    const drive = await open(device, "here");
    device.losePower();
    await expect(drive.writeBlock(block)).rejects.toMatchObject({ code: "DEVICE_WAS_RESET" });
    await drive.rewind();
    expect([device.holder, device.registrations.get("here")]).toEqual(["here", hex(ours)]);
    await drive.close();
    expect(device.holder).toBeUndefined();
  });

  it("still tells that another cartridge may be in the drive since then", async () => {
    const device = new SharedDevice();
    const drive = await open(device, "here");
    device.losePower();
    device.attentions.get("here")!.push([0x28, 0]);
    await expect(drive.writeBlock(block)).rejects.toMatchObject({ code: "DEVICE_WAS_RESET" });
    await expect(drive.rewind()).rejects.toMatchObject({ code: "MEDIUM_MAY_HAVE_CHANGED" });
    await drive.rewind();
    expect(device.holder).toBe("here");
  });

  it("is lost when another host was quicker after a loss of power", async () => {
    const device = new SharedDevice();
    const drive = await open(device, "here");
    device.losePower();
    device.registrations.set("other", "00000000000000aa");
    device.holder = "other";
    await expect(drive.writeBlock(block)).rejects.toMatchObject({ code: "DEVICE_WAS_RESET" });
    await expect(drive.rewind()).rejects.toMatchObject({ code: "RESERVATION_LOST" });
    expect(device.seen).toEqual([]);
  });
});
