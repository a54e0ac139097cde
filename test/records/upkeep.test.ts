import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openUpkeep, readingsKept, type Upkeep } from "../../src/records/index.ts";
import { temporaryStore } from "./temporary.ts";

let upkeep: Upkeep;
let close: () => void;
beforeEach(() => {
  const temporary = temporaryStore();
  upkeep = openUpkeep(temporary.store);
  close = temporary.close;
});
afterEach(() => {
  close();
});

const cleaning = { timeMs: 5, library: "vtl", drive: 1, driveSerial: "S1", barcode: "CLN001CU", outcome: "cleaned", who: "tester", why: "asked" } as const;

describe("upkeep records", () => {
  it("the last reading of each subject", () => {
    expect(upkeep.lastReading("drive S1")).toBeUndefined();
    upkeep.addReading({ subject: "drive S1", timeMs: 1, numbers: { loads: 3 } });
    upkeep.addReading({ subject: "drive S2", timeMs: 2, numbers: { loads: 9 } });
    upkeep.addReading({ subject: "drive S1", timeMs: 3, numbers: { loads: 4, poweredHours: 1.5 } });
    expect(upkeep.lastReading("drive S1")).toEqual({ subject: "drive S1", timeMs: 3, numbers: { loads: 4, poweredHours: 1.5 } });
    expect(upkeep.readings("drive S1", 10).map(({ timeMs }) => timeMs)).toEqual([3, 1]);
  });

  it("no more readings than are kept, of each subject for itself", () => {
    upkeep.addReading({ subject: "other", timeMs: 0, numbers: {} });
    for (let timeMs = 1; timeMs <= readingsKept + 3; timeMs += 1) upkeep.addReading({ subject: "drive S1", timeMs, numbers: {} });
    const kept = upkeep.readings("drive S1", readingsKept * 2);
    expect(kept).toHaveLength(readingsKept);
    expect(kept.at(-1)?.timeMs).toBe(4);
    expect(upkeep.readings("other", 10)).toHaveLength(1);
  });

  it("each cleaning is a use of its cartridge, unless the drive refused it", () => {
    upkeep.addCleaning(cleaning);
    expect(upkeep.cleaningCartridge("CLN001CU")).toEqual({ barcode: "CLN001CU", uses: 1, maxUses: undefined, state: "usable", seenMs: 5 });
    upkeep.addCleaning({ ...cleaning, timeMs: 6, outcome: "still-dirty" });
    upkeep.addCleaning({ ...cleaning, timeMs: 7, outcome: "refused" });
    expect(upkeep.cleaningCartridge("CLN001CU")).toMatchObject({ uses: 2, seenMs: 6 });
    expect(upkeep.cleanings("vtl", 1, 2).map(({ outcome }) => outcome)).toEqual(["refused", "still-dirty"]);
    expect(upkeep.cleanings("vtl", 0, 2)).toEqual([]);
    expect(upkeep.cleanings("vtl", 1, 9).at(-1)).toEqual(cleaning);
  });

  it("what its memory and a drive said of a cleaning cartridge", () => {
    upkeep.putCleaningCartridge({ barcode: "CLN001CU", uses: 7, maxUses: 50, state: "usable", seenMs: 1 });
    upkeep.addCleaning(cleaning);
    expect(upkeep.cleaningCartridges()).toEqual([{ barcode: "CLN001CU", uses: 8, maxUses: 50, state: "usable", seenMs: 5 }]);
    upkeep.putCleaningCartridge({ barcode: "CLN001CU", uses: 8, maxUses: 50, state: "spent", seenMs: 9 });
    expect(upkeep.cleaningCartridge("CLN001CU")?.state).toBe("spent");
    expect(upkeep.cleaningCartridge("CLN002CU")).toBeUndefined();
  });
});
