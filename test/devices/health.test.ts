import { describe, expect, it } from "vitest";
import { type CartridgeCondition, cleaningNeed, type DriveCondition, findingsOf, openTapeDrive } from "../../src/devices/tape/index.ts";
import { buildAttributes, buildLogPage, buildSense, driveStatus, type ScsiCommand, type ScsiCompletion, type Sense, status, type Transport } from "../../src/scsi/index.ts";
import { silentCartridge, silentDrive } from "./health-samples.ts";
import { SleepingClock } from "./scripted-transport.ts";

const idle = driveStatus(new Map([[0, Uint8Array.of(0x01, 0, 0, 0)]]))!;
const counters = { ...silentDrive.writing.counters };
const told = (drive: Partial<DriveCondition>, cartridge?: Partial<CartridgeCondition>): readonly string[] =>
  findingsOf({ ...silentDrive, ...drive }, cartridge === undefined ? undefined : { ...silentCartridge, memory: blankMemory, ...cartridge })
    .map(({ severity, code, blames }) => `${severity} ${code} ${blames}`);
const blankMemory = { kind: "data", alerts: [], lastDrives: [], application: {} } as unknown as CartridgeCondition["memory"];

describe("what follows from what a drive tells", () => {
  it("nothing told is nothing to do", () => {
    expect(told({})).toEqual([]);
    expect(told({ status: idle }, {})).toEqual([]);
  });

  it("worst first, and cleaning told once however many places ask for it", () => {
    const statusAsking = { ...idle, cleaningRequested: true, cleaningRequired: true };
    expect(told({ alerts: [1, 20, 21, 4], status: statusAsking })).toEqual(["err TAPE_ALERT_4 cartridge", "err CLEANING_NEEDED drive", "warn TAPE_ALERT_1 unknown"]);
  });

  it.each<[string, Partial<DriveCondition>, string]>([
    ["TapeAlert 20", { alerts: [20] }, "needed"],
    ["required in the status", { status: { ...idle, cleaningRequired: true } }, "needed"],
    ["TapeAlert 21", { alerts: [21] }, "wanted"],
    ["requested in the status", { status: { ...idle, cleaningRequested: true } }, "wanted"],
    ["sequential access", { transfers: { ...silentDrive.transfers, cleaningRequired: true } }, "wanted"],
    ["a remark with an answer", { asksForCleaning: true }, "wanted"],
    ["a status that asks for nothing", { status: idle }, "none"],
    ["a drive that does not tell", {}, "unknown"],
  ])("cleaning by %s", (_where, drive, need) => {
    expect(cleaningNeed({ ...silentDrive, ...drive })).toBe(need);
  });

  it("errors of drive and cartridge", () => {
    const writing = { ...silentDrive.writing, counters: { ...counters, uncorrected: 2 } };
    expect(told({ writing })).toEqual(["err WRITE_ERRORS unknown"]);
    expect(told({}, { statistics: { ...silentCartridge.statistics, lastMountUnrecoveredReadErrors: 1, unrecoveredReadErrors: 5 } })).toEqual(["err CARTRIDGE_ERRORS cartridge"]);
    expect(told({}, { statistics: { ...silentCartridge.statistics, unrecoveredWriteErrors: 5, fatalSuspendedReads: 1 } }))
      .toEqual(["warn CARTRIDGE_HAD_ERRORS cartridge", "warn CARTRIDGE_GAVE_UP cartridge"]);
  });

  it("wear, keys of drives, heat, and a memory that is silent", () => {
    expect(told({ statistics: { ...silentDrive.statistics, wasTooHot: true } })).toEqual(["warn DRIVE_WAS_HOT drive"]);
    expect(told({}, { loads: 20_000 })).toEqual(["warn CARTRIDGE_WORN cartridge"]);
    expect(told({}, { passes: 16_000 })).toEqual(["warn CARTRIDGE_WORN cartridge"]);
    expect(told({}, { loads: 19_999, fills: 199.9, passes: 15_999 })).toEqual([]);
    expect(told({}, { encrypted: "yes" })).toEqual(["warn CARTRIDGE_ENCRYPTED host"]);
    expect(told({ status: idle }, { memory: undefined })).toEqual(["note NO_CARTRIDGE_MEMORY cartridge"]);
    expect(told({}, { memory: undefined })).toEqual([]);
  });
});

type Reply = Uint8Array | Partial<Sense>;

/** Answers by log page, in whatever order they are asked for; commands that it does not know are illegal. */
function pages(byPage: Readonly<Record<number, Reply>>, others: Readonly<Record<number, Reply>> = {}): { readonly transport: Transport; readonly asked: string[] } {
  const asked: string[] = [];
  const execute = ({ cdb, dataIn }: ScsiCommand): Promise<ScsiCompletion> => {
    const isLog = cdb[0] === 0x4d;
    asked.push(isLog ? `log ${(cdb[2]! & 0x3f).toString(16)}` : cdb[0]!.toString(16));
    const reply = (isLog ? byPage[cdb[2]! & 0x3f] : others[cdb[0]!]) ?? { key: 5, asc: 0x24, ascq: 0 };
    if (reply instanceof Uint8Array) {
      const data = reply.subarray(0, dataIn?.length ?? 0);
      dataIn?.set(data);
      return Promise.resolve({ status: status.good, sense: new Uint8Array(0), transferredBytes: data.length });
    }
    const none = { deferred: false, key: 0, asc: 0, ascq: 0, filemark: false, endOfMedium: false, incorrectLength: false };
    return Promise.resolve({ status: status.checkCondition, sense: buildSense({ ...none, ...reply }, "fixed"), transferredBytes: 0 });
  };
  return { transport: { name: "pages", maxTransferBytes: 1 << 20, execute, close: () => Promise.resolve() }, asked };
}

const page = (code: number, parameters: readonly (readonly [number, readonly number[]])[]): Uint8Array =>
  buildLogPage(code, 0, new Map(parameters.map(([parameter, value]) => [parameter, Uint8Array.from(value)])));
const eight = (value: number): readonly number[] => [0, 0, 0, 0, ...Buffer.from(value.toString(16).padStart(8, "0"), "hex")];

describe("asking a drive how it is", () => {
  it("asks for the pages that are listed, and for no other", async () => {
    const { transport, asked } = pages({
      0x00: Uint8Array.of(0, 0, 0, 4, 0x00, 0x02, 0x12, 0x14),
      0x02: page(0x02, [[3, eight(30)], [5, eight(3_000_000_000)], [6, eight(0)]]),
      0x12: page(0x12, [[0, [0, 0, 0x10, 0, 0, 0, 0, 0]]]),
      0x14: page(0x14, [[2, [0, 0, 0x10, 0]]]),
    });
    const health = await openTapeDrive(transport, new SleepingClock()).health({ withCartridge: false, mayClearAlerts: true });
    expect(asked).toEqual(["log 0", "log 12", "log 14", "log 2"]);
    expect(health.cleaning).toBe("needed");
    expect(health.drive.statistics.poweredHours).toBe(4096);
    expect(health.drive.writing.correctedPerGigabyte).toBe(10);
    expect(health.drive.writing.uncorrectedPerGigabyte).toBe(0);
    expect(health.findings.map(({ code }) => code)).toEqual(["CLEANING_NEEDED"]);
  });

  it("alerts that reading clears are left for whoever tells somebody of them", async () => {
    const only2e = { 0x2e: page(0x2e, [[4, [1]]]) };
    const shy = pages(only2e);
    expect((await openTapeDrive(shy.transport, new SleepingClock()).health({ withCartridge: false, mayClearAlerts: false })).drive.alerts).toEqual([]);
    expect(shy.asked).not.toContain("log 2e");
    const { transport } = pages(only2e);
    expect((await openTapeDrive(transport, new SleepingClock()).health({ withCartridge: false, mayClearAlerts: true })).drive.alerts).toEqual([4]);
  });

  it("a remark that came with the work counts, although the work was done", async () => {
    const { transport } = pages({}, { 0x01: { key: 1, asc: 0x00, ascq: 0x17 } });
    const drive = openTapeDrive(transport, new SleepingClock());
    await drive.rewind();
    expect((await drive.health({ withCartridge: false, mayClearAlerts: true })).cleaning).toBe("wanted");
  });

  it("a drive without any page is a drive that does not tell", async () => {
    const { transport } = pages({});
    expect(await openTapeDrive(transport, new SleepingClock()).health({ withCartridge: true, mayClearAlerts: true })).toMatchObject({ findings: [], cleaning: "unknown" });
  });

  it("a page that fails and a memory that cannot be read are as good as absent", async () => {
    const { transport } = pages({ 0x14: { key: 4, asc: 0x44 }, 0x17: { key: 2, asc: 0x3a } }, {
      0x1a: Uint8Array.of(11, 0x88, 0, 8, 0x5e, 0, 0, 0, 0, 0, 0, 0), 0x8c: { key: 3, asc: 0x11, ascq: 0x12 },
    });
    const { findings, cartridge } = await openTapeDrive(transport, new SleepingClock()).health({ withCartridge: true, mayClearAlerts: true });
    expect(cartridge).toMatchObject({ medium: { kind: "data" }, memory: undefined });
    expect(findings).toEqual([]);
  });

  it("counts of page 0x30 where 0x17 has none, fills from the memory", async () => {
    const { transport } = pages({
      0x17: page(0x17, [[0, [1]]]),
      0x30: page(0x30, [[1, [0, 0, 0, 7]], [9, [0, 2]]]),
      0x31: page(0x31, [[1, [0, 0, 0, 5]], [3, [0, 0, 0, 10]]]),
    }, {
      0x1a: Uint8Array.of(11, 0x88, 0, 8, 0x5e, 0, 0, 0, 0, 0, 0, 0),
      0x8c: buildAttributes([{ id: 0x0220, readOnly: true, format: 0, value: Uint8Array.of(0, 0, 0, 25) }]),
    });
    const { cartridge, findings } = await openTapeDrive(transport, new SleepingClock()).health({ withCartridge: true, mayClearAlerts: true });
    expect(cartridge).toMatchObject({ loads: 7, fills: 2.5, capacity: { totalBytes: 10 * 2 ** 20 } });
    expect(findings.map(({ code }) => code)).toEqual(["CARTRIDGE_HAD_ERRORS"]);
  });

  it("a position that was lost meanwhile is told, not swallowed", async () => {
    const { transport } = pages({ 0x00: { key: 6, asc: 0x29, ascq: 0 } });
    await expect(openTapeDrive(transport, new SleepingClock()).health({ withCartridge: false, mayClearAlerts: true })).rejects.toMatchObject({ code: "DEVICE_WAS_RESET" });
  });

  it("pages of any bytes, as long as they can be, give a health of bounded size", async () => {
    const long = (code: number): Uint8Array => Uint8Array.from([code, 0, 0xff, 0xff, ...Array.from({ length: 40_000 }, (_, at) => (at * 7 + code) % 251)]);
    const { transport } = pages(Object.fromEntries([0, 2, 3, 0x0c, 0x11, 0x12, 0x14, 0x17, 0x1b, 0x2e, 0x30, 0x31, 0x32].map((code) => [code, long(code)])), {
      0x1a: long(0x2a), 0x8c: long(0),
    });
    const health = await openTapeDrive(transport, new SleepingClock()).health({ withCartridge: true, mayClearAlerts: true });
    expect(JSON.stringify(health).length).toBeLessThan(100_000);
  });
});
