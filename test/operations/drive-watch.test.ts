import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DriveHealth, TapeDrive } from "../../src/devices/tape/index.ts";
import { DriveWatch } from "../../src/operations/drive-watch.ts";
import { StrongroomError } from "../../src/words/index.ts";
import type { CleaningNews } from "../../src/work/mount/index.ts";
import { silentCartridge, silentDrive } from "../devices/health-samples.ts";
import { memoryDrive } from "../media/memory-drive.ts";
import { makeAppliance, type TestAppliance } from "../support/appliance.ts";

let appliance: TestAppliance;
let news: CleaningNews[];
let watch: DriveWatch;
beforeEach(async () => {
  appliance = await makeAppliance();
  news = [];
  watch = new DriveWatch(appliance.parts, (one) => news.push(one));
});
afterEach(async () => {
  await appliance.close();
});

const healthOf = (loads: number, unrecoveredReadErrors: number): DriveHealth => ({
  findings: [
    { severity: "err", code: "TAPE_ALERT_4", blames: "cartridge", text: "the drive raises TapeAlert 4, medium error", advice: "copy it" },
    { severity: "err", code: "CLEANING_NEEDED", blames: "drive", text: "the drive must be cleaned", advice: "clean it" },
    { severity: "warn", code: "CARTRIDGE_WORN", blames: "cartridge", text: "it is old", advice: "copy it" },
    { severity: "note", code: "TAPE_ALERT_17", blames: "cartridge", text: "read-only", advice: "nothing" },
  ],
  cleaning: "needed",
  drive: { ...silentDrive, statistics: { ...silentDrive.statistics, loads } },
  cartridge: { ...silentCartridge, statistics: { ...silentCartridge.statistics, unrecoveredReadErrors } },
});

function driveWith(health: () => Promise<DriveHealth>): TapeDrive {
  return { ...memoryDrive(), identity: () => Promise.resolve({ vendor: "V", product: "P", revision: "R", serial: "S1" }), health };
}

describe("a look at a drive after its work", () => {
  it("is written down; alerts are told once, as warnings, and what has long been so as a note", async () => {
    const drive = driveWith(() => Promise.resolve(healthOf(4, 0)));
    for (let time = 0; time < 2; time += 1) {
      expect(await watch.look({ library: "vtl", driveNumber: 0, barcode: "SR0001L8", drive })).toBe("needed");
    }
    expect(news).toEqual([
      { severity: "warn", code: "TAPE_ALERT_4", text: "drive 0 of library vtl with SR0001L8: the drive raises TapeAlert 4, medium error; copy it" },
      { severity: "note", code: "CARTRIDGE_WORN", text: "drive 0 of library vtl with SR0001L8: it is old; copy it" },
    ]);
    expect(appliance.parts.upkeep.lastReading("drive S1")?.numbers).toEqual({ loads: 4 });
    expect(appliance.parts.upkeep.lastReading("cartridge SR0001L8")?.numbers).toEqual({ unrecoveredReadErrors: 0 });
    await watch.look({ library: "vtl", driveNumber: 0, barcode: "SR0002L8", drive });
    expect(news).toHaveLength(4);
  });

  it("finds errors that grew since the one before", async () => {
    await watch.look({ library: "vtl", driveNumber: 0, barcode: "SR0001L8", drive: driveWith(() => Promise.resolve(healthOf(4, 1))) });
    await watch.look({ library: "vtl", driveNumber: 0, barcode: "SR0001L8", drive: driveWith(() => Promise.resolve(healthOf(5, 3))) });
    expect(news.map(({ code }) => code)).toEqual(["TAPE_ALERT_4", "CARTRIDGE_WORN", "CARTRIDGE_ERRORS_GREW"]);
  });

  it("that fails is no matter; a fault of our own is", async () => {
    const lost = driveWith(() => Promise.reject(new StrongroomError("temporary", "TRANSPORT_LOST", "gone")));
    expect(await watch.look({ library: "vtl", driveNumber: 0, barcode: "SR0001L8", drive: lost })).toBeUndefined();
    expect(news).toEqual([]);
    const broken = driveWith(() => Promise.reject(new TypeError("a bug")));
    await expect(watch.look({ library: "vtl", driveNumber: 0, barcode: "SR0001L8", drive: broken })).rejects.toThrow("a bug");
  });
});
