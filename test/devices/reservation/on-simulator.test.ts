import { beforeEach, describe, expect, it } from "vitest";
import type { VirtualLibrary } from "../../../simulator/index.ts";
import { openReservedTapeDrive, reservationKey } from "../../../src/devices/tape/index.ts";
import { type ReservationKey, status } from "../../../src/scsi/index.ts";
import { drive as driveAddress, memoryLibrary, move, slot, tape } from "../../simulator/initiator.ts";
import { pathTo } from "../../simulator/paths.ts";
import { canRun, sgProgram } from "../../simulator/stock/sg-program.ts";
import { SleepingClock } from "../scripted-transport.ts";

const ours = reservationKey({ applianceUuid: "0a0b0c0d-0000-4000-8000-000000000000", machine: "here" });
const theirs = reservationKey({ applianceUuid: "ffffffff-0000-4000-8000-000000000000", machine: "there" });
const block = new Uint8Array(1024);
const hasSgPersist = canRun("sg_persist");

describe("a virtual drive that two hosts reach", () => {
  let library: VirtualLibrary;
  beforeEach(async () => {
    library = await memoryLibrary();
    const changer = pathTo(library, 0, "changer");
    while ((await tape(changer).ready()) !== "good");
    await move(changer, slot(0), driveAddress(0));
  });
  const open = async (host: string, key: ReservationKey) => {
    const drive = await openReservedTapeDrive(pathTo(library, 1, host), new SleepingClock(), key);
    await drive.ready(60_000);
    return drive;
  };

  it("is had by one at a time, and by the other afterwards", async () => {
    const drive = await open("here", ours);
    expect([drive.reservation, await drive.writeBlock(block)]).toEqual(["held", "written"]);
    const refusal: unknown = await open("there", theirs).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "DEVICE_RESERVED", kind: "busy" });
    expect(String(refusal)).toContain(`another Strongroom appliance (key 0x${Buffer.from(ours).toString("hex")}), coming from iqn.example:here`);
    expect(await drive.writeBlock(block)).toBe("written");
    await drive.close();
    await (await open("there", theirs)).close();
  });

  it("refuses what programs that reserve nothing send meanwhile", async () => {
    const drive = await open("here", ours);
    const stranger = pathTo(library, 1, "there");
    const rewind = { cdb: Uint8Array.of(0x01, 0, 0, 0, 0, 0), timeoutMs: 1000 };
    const write = { cdb: Uint8Array.of(0x0a, 0, 0, 4, 0, 0), dataOut: block, timeoutMs: 1000 };
    // That the drive was switched on is told first.
    await stranger.execute(rewind);
    for (const command of [rewind, write]) expect(await stranger.execute(command)).toMatchObject({ status: status.reservationConflict });
    expect(await drive.position()).toMatchObject({ objectNumber: 0, beginningOfPartition: true });
  });

  it("is taken over from a session that never came to its end", async () => {
    const dead = await open("session 1", ours);
    await dead.writeBlock(block);
    const drive = await open("session 2", ours);
    expect(await drive.writeBlock(block)).toBe("written");
    await expect(dead.writeBlock(block)).rejects.toMatchObject({ code: "RESERVATION_LOST" });
    await drive.close();
  });

  it("is reserved again after a loss of power", async () => {
    const drive = await open("here", ours);
    await library.dropPower(1);
    await expect(drive.writeBlock(block)).rejects.toMatchObject({ code: "DEVICE_WAS_RESET" });
    await drive.rewind();
    await expect(open("there", theirs)).rejects.toMatchObject({ code: "DEVICE_RESERVED" });
  });

  it.skipIf(!hasSgPersist)(`is seen by sg_persist, which takes it away as the manual says${hasSgPersist ? "" : " (skipped: sg_persist or a C compiler is not installed)"}`, async () => {
    const drive = await open("here", ours);
    const administrator = pathTo(library, 1, "administrator");
    while ((await tape(administrator).ready()).startsWith("6/"));
    const sgPersist = await sgProgram("sg_persist", administrator);
    const { output } = await sgPersist("--in", "--read-full-status", "DEVICE");
    expect(output).toContain(`Key=0x${Buffer.from(ours).toString("hex")}`);
    expect(output).toMatch(/type: Exclusive Access\n/);
    expect(output).toContain("iqn.example:here");
    expect(await sgPersist("--out", "--register-ignore", "--param-sark=0x1", "DEVICE")).toMatchObject({ exitCode: 0 });
    expect(await sgPersist("--out", "--clear", "--param-rk=0x1", "DEVICE")).toMatchObject({ exitCode: 0 });
    await expect(drive.writeBlock(block)).rejects.toMatchObject({ code: "RESERVATION_LOST" });
    await (await open("there", theirs)).close();
  });
});
