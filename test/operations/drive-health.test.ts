import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { type MediaChanger, openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import type { DriveOperations } from "../../src/operations/index.ts";
import { parseSense, SenseError } from "../../src/scsi/index.ts";
import { StrongroomError, systemClock, systemRandom } from "../../src/words/index.ts";
import { makeAppliance, quietly, type TestAppliance } from "../support/appliance.ts";

let virtual: VirtualLibrary;
let appliance: TestAppliance;
let drives: DriveOperations;
/** Which cartridge came into the drive, one after the other. */
let loaded: string[];
/** What the drive says instead of the simulator's own numbers. */
let disguise: (drive: TapeDrive) => TapeDrive;
beforeEach(async () => {
  disguise = (drive) => drive;
  loaded = [];
  const data = ["SR0001L8", "SR0002L8"].map((barcode) => ({ barcode, capacityBytes: 16 * 1024 * 1024 }));
  const cartridges = [...data, { barcode: "CLN001CU", kind: "cleaning" as const, capacityBytes: 1024 * 1024 }];
  virtual = await createMemoryLibrary({ drives: 1, slots: 4, mailSlots: 1, cartridges }, systemRandom);
  appliance = await makeAppliance({
    openLibrary: () => ({
      name: "vtl",
      openChanger: async () => watched(openMediaChanger(await virtual.transport(0), systemClock)),
      openDrive: async ({ number }) => disguise(openTapeDrive(await virtual.transport(number + 1), systemClock)),
    }),
  });
  appliance.parts.configStore.addLibrary({ name: "vtl", kind: "simulator", folder: "/nowhere" });
  drives = appliance.operations.drive;
});
afterEach(async () => {
  await appliance.close();
  await virtual.close();
});

describe("the health of a drive", () => {
  it("of an empty drive is about the drive alone", async () => {
    const report = await drives.health("vtl", 0);
    expect(report).toMatchObject({ state: "empty", barcode: undefined, cartridge: undefined, severity: "ok", cleaning: "none", cleanings: [] });
    expect(report.sinceLastLook).toEqual({ sinceMs: undefined, changes: [] });
  });

  it("with a cartridge tells its memory, and at the second look what changed", async () => {
    await drives.load("vtl", "SR0001L8");
    const first = await drives.health("vtl", 0);
    expect(first.findings).toEqual([]);
    expect(first.cartridge).toMatchObject({ medium: { kind: "data" }, memory: { kind: "data", lengthMetres: 960 } });
    expect(first.cartridge?.memory?.serialNumber).toBe(first.cartridge?.statistics.serialNumber);
    // The simulator counts loads from power-on: the drive is made to have had three more.
    disguise = withNumbers(({ loads }) => ({ loads: (loads ?? 0) + 3, hardWriteErrors: 2 }));
    await drives.health("vtl", 0);
    disguise = withNumbers(({ loads }) => ({ loads: (loads ?? 0) + 4, hardWriteErrors: 5 }));
    const third = await drives.health("vtl", 0);
    expect(third.sinceLastLook.changes.map(({ name }) => name)).toContain("hardWriteErrors");
    expect(third.findings.map(({ severity, code, blames }) => `${severity} ${code} ${blames}`)).toEqual(["err DRIVE_ERRORS_GREW drive"]);
    expect(third.findings[0]?.text).toMatch(/^3 more write errors of this drive since 2/);
    expect(third.severity).toBe("err");
  });

  it("says what the drive says when it is not ready", async () => {
    disguise = (drive) => withMethods(drive, { ready: async () => await drive.ready(0).then(() => Promise.reject(notReady)) });
    const report = await drives.health("vtl", 0);
    expect(report.findings.map(({ code }) => code)).toEqual(["NOT_READY"]);
  });

  it("finds a cartridge whose memory has another name than its label", async () => {
    await drives.load("vtl", "SR0001L8");
    await writeBarcode("SR0001");
    expect((await drives.health("vtl", 0)).findings).toEqual([]);
    await writeBarcode("OLD777L8");
    const { findings } = await drives.health("vtl", 0);
    expect(findings.map(({ code, text }) => `${code} ${text}`)).toEqual(["LABEL_DIFFERS the label says SR0001L8, the memory of the cartridge says OLD777L8"]);
  });

  it("finds a key that somebody left in the drive, and shows it", async () => {
    const encryption = () => Promise.resolve({
      kind: "on", encrypts: true, decrypts: "mixed", scope: "all hosts", setBy: "library", keyName: "KEY 7", nextBlock: "plain",
    } as const);
    disguise = (drive) => withMethods(drive, { encryption });
    const { findings, severity } = await drives.health("vtl", 0);
    expect(findings.map(({ code, blames }) => `${code} ${blames}`)).toEqual(["DRIVE_HAS_KEY host"]);
    expect(findings[0]?.text).toContain("encrypts what it writes with a key called KEY 7");
    expect(severity).toBe("err");
    expect((await drives.show("vtl", 0)).encryption).toMatchObject({ kind: "on", setBy: "library" });
  });

  it("shows a drive that is not ready, with what it says", async () => {
    const sense = parseSense(Uint8Array.of(0x70, 0, 0x02, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x30, 0x03, 0, 0, 0, 0))!;
    const ready = () => Promise.reject(new StrongroomError("temporary", "NOT_READY", "a cleaning cartridge is in it", { cause: new SenseError(sense) }));
    disguise = (drive) => withMethods(drive, { ready: async () => await drive.ready(0).then(ready) });
    expect(await drives.show("vtl", 0)).toMatchObject({ state: "empty", medium: undefined, detail: "a cleaning cartridge is in it" });
    disguise = (drive) => withMethods(drive, { ready: () => Promise.reject(new StrongroomError("temporary", "TRANSPORT_LOST", "gone")) });
    await expect(drives.show("vtl", 0)).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
  });

  it("in the list of drives: what each wants", async () => {
    disguise = (drive) => withMethods(drive, { health: async (options) => ({ ...(await drive.health(options)), cleaning: "wanted" }) });
    expect(await drives.list()).toMatchObject([{ number: 0, state: "empty", cleaning: "wanted", alerts: [] }]);
    disguise = (drive) => withMethods(drive, { health: () => Promise.reject(notReady) });
    expect(await drives.list()).toMatchObject([{ number: 0, state: "failed", detail: "the drive is not ready", cleaning: "unknown" }]);
  });

  it("shows what cartridges the drive takes", async () => {
    const { takes, generation, medium } = await drives.show("vtl", 0);
    expect(takes).toContainEqual({ name: "LTO-8", writes: true });
    expect({ generation, medium }).toEqual({ generation: undefined, medium: undefined });
  });

  it("is refused for a drive that is not there", async () => {
    await expect(drives.health("vtl", 7)).rejects.toMatchObject({ code: "DRIVE_UNKNOWN" });
    await expect(drives.clean("vtl", 7)).rejects.toMatchObject({ code: "DRIVE_UNKNOWN" });
  });
});

describe("cleaning", () => {
  it("by hand brings the cartridge in the drive back first, cleans, and counts", async () => {
    await drives.load("vtl", "SR0001L8");
    await appliance.operations.library.show("vtl");
    const { barcode, outcome, news } = await drives.clean("vtl", 0);
    expect(appliance.parts.inventory.movements("SR0001L8").at(-1)).toMatchObject({
      from: "library vtl drive 0", to: "library vtl slot 1", who: "tester", why: "made room for cleaning",
    });
    expect({ barcode, outcome }).toEqual({ barcode: "CLN001CU", outcome: "cleaned" });
    expect(news.map(({ code }) => code)).toEqual(["DRIVE_CLEANED"]);
    const { elements } = await appliance.operations.library.show("vtl");
    expect(elements.find(({ kind }) => kind === "drive")?.full).toBe(false);
    expect(elements.find((element) => element.barcode === "CLN001CU")).toMatchObject({ kind: "slot", cleaning: { uses: 1 } });
    expect((await drives.health("vtl", 0)).cleanings).toMatchObject([{ barcode: "CLN001CU", who: "tester", why: "cleaned by hand" }]);
  });

  it("happens by itself between two cartridges of a job, and the job's log tells it", async () => {
    const { pool, volume, job } = appliance.operations;
    await pool.create({ name: "tapes", kind: "tape", library: "vtl" });
    for (const barcode of ["SR0001L8", "SR0002L8"]) await volume.init({ barcode, pool: "tapes" });
    const cleaning = (): "needed" | "none" => (loaded.includes("CLN001CU") ? "none" : "needed");
    disguise = (drive) => withMethods(drive, { health: async (options) => ({ ...(await drive.health(options)), cleaning: cleaning() }) });
    const verified = await volume.verify({ barcode: "SR0001L8" }, quietly);
    expect(loaded.slice(-2)).toEqual(["CLN001CU", "SR0001L8"]);
    const { events } = await job.show(verified.job.id);
    expect(events.map(({ severity, code, text }) => `${severity} ${code} ${text}`)).toEqual(["note DRIVE_CLEANED drive 0 of library vtl was cleaned with CLN001CU"]);
    expect(verified.severity).toBe("note");
    // What was in a drive has a condition from then on.
    expect((await volume.show("SR0001L8")).condition?.numbers).toHaveProperty("loads");
  });

  it("takes a cleaning cartridge out of the library as any other", async () => {
    expect(await appliance.operations.library.export("vtl", ["CLN001CU"], "spent")).toEqual([{ barcode: "CLN001CU", mailSlot: 1 }]);
    await expect(drives.clean("vtl", 0)).rejects.toMatchObject({ code: "NO_CLEANING_CARTRIDGE" });
  });
});

const notReady = new StrongroomError("temporary", "NOT_READY", "the drive is not ready");

/** Into the memory of the cartridge in the drive. */
async function writeBarcode(barcode: string): Promise<void> {
  const drive = openTapeDrive(await virtual.transport(1), systemClock);
  await drive.ready(0);
  expect(await drive.writeAttribute(0x0806, "ascii", Buffer.from(barcode.padEnd(32)))).toBe(true);
  await drive.close();
}

function watched(changer: MediaChanger): MediaChanger {
  return withMethods(changer, {
    move: async (from, to) => {
      const { elements } = await changer.inventory();
      const barcode = elements.find(({ kind, number }) => kind === from.kind && number === from.number)?.barcode;
      if (to.kind === "drive" && barcode !== undefined) loaded.push(barcode);
      await changer.move(from, to);
    },
  });
}

/** A device with some methods replaced: the methods of a class are not among its own properties. */
function withMethods<Device extends object>(device: Device, instead: Partial<Device>): Device {
  return new Proxy(device, {
    get: (target, key) => {
      const own = instead[key as keyof Device];
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

type Statistics = Awaited<ReturnType<TapeDrive["health"]>>["drive"]["statistics"];

function withNumbers(change: (statistics: Statistics) => Partial<Statistics>): typeof disguise {
  return (drive) =>
    withMethods(drive, {
      health: async (options) => {
        const health = await drive.health(options);
        return { ...health, drive: { ...health.drive, statistics: { ...health.drive.statistics, ...change(health.drive.statistics) } } };
      },
    });
}
