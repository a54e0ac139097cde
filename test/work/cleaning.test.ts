import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openUpkeep, type Upkeep } from "../../src/records/index.ts";
import { type CleaningNews, DriveCleaner, TapeLibrary } from "../../src/work/mount/index.ts";
import { SleepingClock } from "../devices/scripted-transport.ts";
import { temporaryStore } from "../records/temporary.ts";
import { DirtyLibrary, wellBehaved } from "./dirty-library.ts";

const hourMs = 3600_000;
let upkeep: Upkeep;
let close: () => void;
let clock: SleepingClock;
let news: CleaningNews[];
beforeEach(() => {
  const temporary = temporaryStore();
  upkeep = openUpkeep(temporary.store);
  close = temporary.close;
  clock = new SleepingClock();
  news = [];
});
afterEach(() => {
  close();
});

function libraryOf(dirty: DirtyLibrary, settings: { readonly automatic?: boolean; readonly cartridges?: readonly string[] } = {}): TapeLibrary {
  return new TapeLibrary(dirty, { cleaner: new DriveCleaner("vtl", { automatic: true, cartridges: [], ...settings, upkeep, clock, who: "tester", tell: (one) => news.push(one) }) });
}

const codes = (): readonly string[] => news.map(({ severity, code }) => `${severity} ${code}`);

async function loadAndRelease(library: TapeLibrary, barcode: string): Promise<number> {
  const loaded = await library.load(barcode);
  await loaded.release();
  return loaded.driveNumber;
}

describe("a drive that asks for cleaning", () => {
  it("is cleaned before the next cartridge comes into it, and this is told and written down", async () => {
    const dirty = new DirtyLibrary(["SR0001L8", "CLN001CU"]);
    dirty.dirty.add(0);
    expect(await loadAndRelease(libraryOf(dirty), "SR0001L8")).toBe(0);
    expect(dirty.moves).toEqual(["CLN001CU slot:2 drive:0", "CLN001CU drive:0 slot:2", "SR0001L8 slot:1 drive:0"]);
    expect(codes()).toEqual(["note DRIVE_CLEANED"]);
    expect(upkeep.cleanings("vtl", 0, 9)).toMatchObject([{ outcome: "cleaned", barcode: "CLN001CU", driveSerial: "DRIVE0", who: "tester", why: "the drive asked for it" }]);
    expect(upkeep.cleaningCartridge("CLN001CU")).toMatchObject({ uses: 1, state: "usable" });
  });

  it("is not cleaned when it does not ask, nor when the cartridge wanted lies in it already", async () => {
    const dirty = new DirtyLibrary(["SR0001L8", "CLN001CU"]);
    const library = libraryOf(dirty);
    await loadAndRelease(library, "SR0001L8");
    dirty.dirty.add(0);
    await loadAndRelease(library, "SR0001L8");
    expect(dirty.moves).toEqual(["SR0001L8 slot:1 drive:0"]);
  });

  it("is left to the library where the configuration says so", async () => {
    const dirty = new DirtyLibrary(["SR0001L8", "CLN001CU"]);
    dirty.dirty.add(0);
    await loadAndRelease(libraryOf(dirty, { automatic: false }), "SR0001L8");
    expect(dirty.moves).toEqual(["SR0001L8 slot:1 drive:0"]);
    expect(news).toEqual([]);
  });

  it("is cleaned too when it asked by a remark during the work before", async () => {
    const dirty = new DirtyLibrary(["SR0001L8", "CLN001CU"]);
    dirty.remarking.add(0);
    const library = libraryOf(dirty);
    await loadAndRelease(library, "SR0001L8");
    await library.unload(0);
    dirty.remarking.delete(0);
    await loadAndRelease(library, "SR0001L8");
    expect(codes()).toEqual(["note DRIVE_CLEANED"]);
  });

  it.each([["still says that a cleaning cartridge is in it", false], ["and the changer is blind", true]])("that %s lets go all the same", async (_how, blindChanger) => {
    const dirty = new DirtyLibrary(["SR0001L8", "CLN001CU"]);
    dirty.dirty.add(0);
    dirty.behaviour = { ...wellBehaved, says: "cleaning", blindChanger };
    await loadAndRelease(libraryOf(dirty), "SR0001L8");
    expect(codes()).toEqual(["note DRIVE_CLEANED"]);
    expect(dirty.where("CLN001CU")).toBe("slot:2");
  });

  it("goes on working dirty where there is no cleaning cartridge, and says so once", async () => {
    const dirty = new DirtyLibrary(["SR0001L8", "SR0002L8"]);
    dirty.dirty.add(0).add(1);
    const library = libraryOf(dirty);
    for (const barcode of ["SR0001L8", "SR0002L8", "SR0001L8"]) await loadAndRelease(library, barcode);
    expect(codes()).toEqual(["warn NO_CLEANING_CARTRIDGE", "warn NO_CLEANING_CARTRIDGE"]);
  });

  it("is left in peace for hours afterwards, and given up after two cleanings that did not help", async () => {
    const dirty = new DirtyLibrary(["SR0001L8", "SR0002L8", "CLN001CU"]);
    dirty.behaviour = { ...wellBehaved, cleans: false };
    dirty.dirty.add(0);
    const library = libraryOf(dirty);
    // Drive 1 is taken, so that the cartridges meet in drive 0.
    const other = await library.load("SR0002L8");
    expect(other.driveNumber).toBe(0);
    await other.release();
    expect(codes()).toEqual(["warn DRIVE_STILL_DIRTY"]);
    await library.unload(0);
    await loadAndRelease(library, "SR0001L8");
    expect(codes()).toEqual(["warn DRIVE_STILL_DIRTY", "note CLEANING_RESTS"]);
    await library.unload(0);
    await clock.sleep(7 * hourMs);
    await loadAndRelease(library, "SR0001L8");
    await library.unload(0);
    await clock.sleep(7 * hourMs);
    await loadAndRelease(library, "SR0001L8");
    expect(codes()).toEqual(["warn DRIVE_STILL_DIRTY", "note CLEANING_RESTS", "warn DRIVE_STILL_DIRTY", "warn CLEANING_DOES_NOT_HELP"]);
    expect(upkeep.cleanings("vtl", 0, 9)).toHaveLength(2);
  });
});

describe("a cleaning cartridge", () => {
  it("that the drive calls spent is marked, taken back and never used again; the next one does the work", async () => {
    const dirty = new DirtyLibrary(["SR0001L8", "CLN001CU", "CLN002CU"]);
    dirty.spent.add("CLN001CU");
    dirty.dirty.add(0);
    const library = libraryOf(dirty);
    await loadAndRelease(library, "SR0001L8");
    expect(codes()).toEqual(["warn CLEANING_CARTRIDGE_SPENT", "warn DRIVE_REFUSED_CLEANING", "note DRIVE_CLEANED"]);
    expect(upkeep.cleaningCartridge("CLN001CU")).toMatchObject({ state: "spent", uses: 0 });
    expect(dirty.where("CLN001CU")).toBe("slot:2");
    await library.clean(0, "by hand");
    expect(upkeep.cleanings("vtl", 0, 9).map(({ barcode, outcome, why }) => `${barcode} ${outcome} ${why}`)).toEqual([
      "CLN002CU cleaned by hand", "CLN002CU cleaned the drive asked for it", "CLN001CU refused the drive asked for it",
    ]);
    expect(dirty.where("SR0001L8")).toMatch(/^slot/);
  });

  it("that is not for this drive is not used again either", async () => {
    const dirty = new DirtyLibrary(["CLN001CU"]);
    dirty.behaviour = { ...wellBehaved, alerts: [23] };
    const library = libraryOf(dirty);
    expect(await library.clean(1, "by hand")).toMatchObject({ outcome: "refused", isDriveFree: true });
    dirty.moves.length = 0;
    await expect(library.clean(1, "by hand")).rejects.toMatchObject({ code: "NO_CLEANING_CARTRIDGE", kind: "operator" });
    expect(dirty.moves).toEqual([]);
  });

  it("says itself how much is left: the last use makes it spent", async () => {
    const dirty = new DirtyLibrary(["CLN001CU"]);
    dirty.behaviour = { ...wellBehaved, memory: { uses: 50, maxUses: 50 } };
    await libraryOf(dirty).clean(0, "by hand");
    expect(upkeep.cleaningCartridge("CLN001CU")).toMatchObject({ uses: 50, maxUses: 50, state: "spent" });
    expect(codes()).toEqual(["warn CLEANING_CARTRIDGE_SPENT", "note DRIVE_CLEANED"]);
  });

  it("has any label that the configuration names", async () => {
    const dirty = new DirtyLibrary(["WASH01"]);
    expect(libraryOf(dirty).isCleaning("WASH01")).toBe(false);
    const library = libraryOf(dirty, { cartridges: ["WASH01"] });
    dirty.cleaners.add("WASH01");
    expect(library.isCleaning("WASH01")).toBe(true);
    expect(await library.clean(0, "by hand")).toMatchObject({ barcode: "WASH01", outcome: "cleaned" });
  });

  it("that was begun is used up before a new one is", async () => {
    upkeep.putCleaningCartridge({ barcode: "CLN002CU", uses: 9, maxUses: 50, state: "usable", seenMs: 0 });
    const dirty = new DirtyLibrary(["CLN001CU", "CLN002CU"]);
    expect(await libraryOf(dirty).clean(0, "by hand")).toMatchObject({ barcode: "CLN002CU" });
  });

  it("that does not come out leaves its drive out of the work, not the work undone", async () => {
    const dirty = new DirtyLibrary(["SR0001L8", "SR0002L8", "CLN001CU"]);
    dirty.behaviour = { ...wellBehaved, answersUntilDone: Infinity };
    dirty.dirty.add(0);
    const library = libraryOf(dirty);
    expect(await loadAndRelease(library, "SR0001L8")).toBe(1);
    expect(codes()).toEqual(["warn DRIVE_CLEANING_FAILED"]);
    expect(dirty.where("CLN001CU")).toBe("drive:0");
    expect(clock.nowMs()).toBeLessThan(hourMs);
    // Only drive 1 is left: its cartridge makes room.
    expect(await loadAndRelease(library, "SR0002L8")).toBe(1);
    // Once it lets go, it can be taken out like any other, and the drive is used again.
    dirty.behaviour = wellBehaved;
    expect(await library.unload(0)).toMatchObject({ kind: "slot" });
    expect(await loadAndRelease(library, "SR0001L8")).toBe(0);
  });

  it("that a dead process left in a drive is brought back by the next one that needs the drive", async () => {
    const dirty = new DirtyLibrary(["SR0001L8", "SR0002L8", "CLN001CU"]);
    const changer = await dirty.openChanger();
    await changer.move({ kind: "slot", number: 3 }, { kind: "drive", number: 0 });
    const drive = await dirty.openDrive((await changer.inventory()).elements[0]!);
    for (let asked = 0; asked < 3; asked += 1) await drive.ready(0).catch(() => undefined);
    const library = libraryOf(dirty);
    const held = await library.load("SR0001L8");
    expect(held.driveNumber).toBe(1);
    const other = await library.load("SR0002L8");
    expect(other.driveNumber).toBe(0);
    expect(dirty.where("CLN001CU")).toMatch(/^slot/);
    await held.release();
    await other.release();
  });
});
