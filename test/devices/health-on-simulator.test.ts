import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { buildLogPage, deviceStatistics, errorCounters, logPage, sequentialAccess, tapeUsage, volumeStatistics } from "../../src/scsi/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import { decodedBySgLogs, hasSgLogs } from "../scsi/sg-logs.ts";

let virtual: VirtualLibrary;
let drive: TapeDrive;
beforeEach(async () => {
  virtual = await createMemoryLibrary({ drives: 1, slots: 1, mailSlots: 1, cartridges: [{ barcode: "SR0001L8", capacityBytes: 16 * 1024 * 1024 }] }, systemRandom);
  const changer = openMediaChanger(await virtual.transport(0), systemClock);
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  await changer.close();
  drive = openTapeDrive(await virtual.transport(1), systemClock);
  await drive.ready(1000);
  for (let block = 0; block < 8; block += 1) await drive.writeBlock(new Uint8Array(256 * 1024).fill(block));
  await drive.writeFilemarks(1);
});
afterEach(async () => {
  await drive.close();
  await virtual.close();
});

/** The pages of a drive that counts something, by what sg_logs calls a number and where we have it. */
type Page = ReadonlyMap<number, Uint8Array>;
type Figures = readonly [name: string, page: number, read: (page: Page) => object, pairs: readonly (readonly [RegExp, string])[]];

const figures: readonly Figures[] = [
  ["errors while writing", logPage.writeErrors, errorCounters, [[/Total errors corrected = (\d+)/, "corrected"], [/Total uncorrected errors = (\d+)/, "uncorrected"]]],
  ["sequential access", logPage.sequentialAccess, sequentialAccess, []],
  ["device statistics", logPage.deviceStatistics, deviceStatistics, [[/Lifetime media loads: (\d+)/, "loads"], [/Lifetime cleaning operations: (\d+)/, "cleanings"]]],
  ["volume statistics", logPage.volumeStatistics, volumeStatistics, [
    [/Thread count: (\d+)/, "threads"], [/Lifetime megabytes written: (\d+)/, "writtenMegabytes"], [/Total native capacity \[MB\]: (\d+)/, "nativeMegabytes"],
  ]],
  ["tape usage", logPage.tapeUsage, tapeUsage, [[/Thread count: (\d+)/, "threads"]]],
];

describe("the pages of the simulator", () => {
  // skip: sg3-utils may not be installed
  it.skipIf(!hasSgLogs).each(figures)(`%s: sg_logs and we read the same${hasSgLogs ? "" : " (skipped: sg3-utils is not installed)"}`, async (_name, page, read, pairs) => {
    const parameters = await drive.logPage(page);
    expect(parameters).toBeDefined();
    const said = decodedBySgLogs(buildLogPage(page, 0, parameters!));
    expect(said).not.toMatch(/badly formed|unexpected|unable|fault/i);
    const reading = new Map<string, unknown>(Object.entries(read(parameters!)));
    for (const [words, name] of pairs) expect(words.exec(said)?.[1], name).toBe(String(reading.get(name)));
  });

  // skip: sg3-utils may not be installed
  it.skipIf(!hasSgLogs)(`device status: sg_logs reads the same${hasSgLogs ? "" : " (skipped: sg3-utils is not installed)"}`, async () => {
    const loaded = decodedBySgLogs(buildLogPage(logPage.deviceStatus, 0, (await drive.logPage(logPage.deviceStatus))!));
    for (const words of [/MACC=1/, /WRTP=0 CRQST=0 CRQRD=0 DINIT=1/, /RAA=0 MPRSNT=1/, /MTHRD=1 MOUNTED=1/]) expect(loaded).toMatch(words);
    await drive.unload();
    const ejected = decodedBySgLogs(buildLogPage(logPage.deviceStatus, 0, (await drive.logPage(logPage.deviceStatus))!));
    for (const words of [/MACC=0/, /RAA=1/, /MTHRD=0 MOUNTED=0/]) expect(ejected).toMatch(words);
  });

  it("give a whole health, with nothing to be done", async () => {
    const { findings, cleaning, cartridge, drive: condition } = await drive.health({ withCartridge: true, mayClearAlerts: true });
    expect(findings).toEqual([]);
    expect(cleaning).toBe("none");
    expect(condition.status).toMatchObject({
      mediumPresent: true, mediumMounted: true, memoryAccessible: true, writeProtected: false, robotMayAccess: false, activity: "idle", cleaningRequired: false,
    });
    expect(condition.transfers.receivedBytes).toBe(8 * 256 * 1024);
    expect(condition.statistics.loads).toBeGreaterThan(0);
    expect(cartridge).toMatchObject({ medium: { kind: "data", densityCode: 0x5e }, memory: { kind: "data", barcode: undefined } });
    expect(cartridge!.capacity!.remainingBytes).toBeLessThan(cartridge!.capacity!.totalBytes);
    expect(cartridge!.loads).toBeGreaterThan(0);
  });
});
