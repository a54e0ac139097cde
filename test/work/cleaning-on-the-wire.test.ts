import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Element, ElementReference, MediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { openUpkeep, type Upkeep } from "../../src/records/index.ts";
import { StrongroomError } from "../../src/words/index.ts";
import { DriveCleaner, type LibraryAccess, TapeLibrary } from "../../src/work/mount/index.ts";
import { SleepingClock } from "../devices/scripted-transport.ts";
import { temporaryStore } from "../records/temporary.ts";
import { CleaningDrive, usualCourse } from "./cleaning-drive.ts";

let upkeep: Upkeep;
let close: () => void;
let clock: SleepingClock;
let wire: CleaningDrive;
let library: TapeLibrary;
beforeEach(() => {
  const temporary = temporaryStore();
  upkeep = openUpkeep(temporary.store);
  close = temporary.close;
  clock = new SleepingClock();
  wire = new CleaningDrive(clock);
  const parts = { automatic: true, cartridges: [], upkeep, clock, who: "tester", tell: () => undefined };
  library = new TapeLibrary(accessTo(wire), { cleaner: new DriveCleaner("vtl", parts) });
});
afterEach(() => {
  close();
});

/** One drive, and one slot with a cleaning cartridge. */
function accessTo(drive: CleaningDrive): LibraryAccess {
  let isIn = false;
  const element = (kind: "drive" | "slot", number: number, full: boolean): Element => {
    const barcode = full ? "CLN001CU" : undefined;
    return { kind, number, address: number, full, barcode, source: undefined, accessible: kind === "slot" || !full, driveSerial: undefined, exception: undefined };
  };
  const move = (_from: ElementReference, to: ElementReference): Promise<void> => {
    if (to.kind === "drive") drive.insert();
    else if (!drive.take()) return Promise.reject(new StrongroomError("busy", "MEDIUM_LOCKED", "the drive has not let go"));
    isIn = to.kind === "drive";
    return Promise.resolve();
  };
  const changer: MediaChanger = {
    name: "changer", move, audit: () => Promise.resolve(), ready: () => Promise.resolve(), close: () => Promise.resolve(),
    identity: () => Promise.resolve({ vendor: "V", product: "P", revision: "R", serial: "S" }),
    exchange: () => Promise.resolve("unsupported"), mailSlots: () => Promise.resolve("unsupported"), holdMailSlots: () => Promise.resolve("unsupported"),
    condition: () => Promise.resolve({ ready: true, code: undefined, sentence: "ready", advice: undefined }),
    inventory: () => Promise.resolve({ elements: [element("drive", 0, isIn), element("slot", 1, !isIn)] }),
  };
  return { name: "vtl", openChanger: () => Promise.resolve(changer), openDrive: () => Promise.resolve(openTapeDrive(drive, clock)) };
}

describe("cleaning a drive on the wire", () => {
  it("waits through its stages, reads the memory of the cartridge, and asks the drive again", async () => {
    expect(await library.clean(0, "by hand")).toMatchObject({ outcome: "cleaned", isDriveFree: true });
    expect(clock.nowMs()).toBeGreaterThanOrEqual(120_000);
    expect(clock.nowMs()).toBeLessThan(180_000);
    expect(upkeep.cleaningCartridge("CLN001CU")).toMatchObject({ uses: 12, maxUses: 50, state: "usable" });
    expect(upkeep.cleanings("vtl", 0, 1)).toMatchObject([{ driveSerial: "WIRE01" }]);
  });

  it("knows that it did not help", async () => {
    wire.course = { ...usualCourse, cleans: false };
    expect(await library.clean(0, "by hand")).toMatchObject({ outcome: "still-dirty" });
  });

  it.each<[string, Partial<typeof usualCourse>, string]>([
    ["by an alert", { alerts: [22] }, "spent"],
    ["by its sense", { stages: [{ fromMs: 0, sense: [2, 0x30, 0x07] }] }, "refused"],
    ["by an alert for another kind", { alerts: [23] }, "refused"],
  ])("does not use a cartridge again that was refused %s", async (_how, course, state) => {
    wire.course = { ...usualCourse, letsGoMs: 0, cleans: false, stages: [{ fromMs: 0, sense: [2, 0x3a, 0x00] }], ...course };
    expect(await library.clean(0, "by hand")).toMatchObject({ outcome: "refused", isDriveFree: true });
    expect(upkeep.cleaningCartridge("CLN001CU")?.state).toBe(state);
  });

  it("ends after twenty minutes where the drive never lets go", async () => {
    wire.course = { ...usualCourse, stages: [{ fromMs: 0, sense: [2, 0x30, 0x03] }], letsGoMs: Infinity };
    expect(await library.clean(0, "by hand")).toMatchObject({ outcome: "failed", isDriveFree: false });
    expect(clock.nowMs()).toBeLessThan(25 * 60_000);
  });
});
