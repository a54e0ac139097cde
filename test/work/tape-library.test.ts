import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { StrongroomError, systemClock, systemRandom } from "../../src/words/index.ts";
import { TapeLibrary } from "../../src/work/mount/index.ts";

describe("a library with drives that cannot be had", () => {
  let virtual: VirtualLibrary;
  const outOfReach = new Set<number>();
  let library: TapeLibrary;
  beforeEach(async () => {
    outOfReach.clear();
    const cartridges = ["SR0001L8", "SR0002L8"].map((barcode) => ({ barcode, capacityBytes: 1024 * 1024 }));
    virtual = await createMemoryLibrary({ drives: 2, slots: 4, mailSlots: 1, cartridges }, systemRandom);
    library = new TapeLibrary({
      name: "vtl",
      openChanger: async () => openMediaChanger(await virtual.transport(0), systemClock),
      openDrive: async ({ number }) => {
        if (outOfReach.has(number)) throw new StrongroomError("failed", "DRIVE_UNMAPPED", `nobody knows which drive is drive ${String(number)}`);
        return openTapeDrive(await virtual.transport(number + 1), systemClock);
      },
    });
  });
  afterEach(async () => {
    await library.close();
    await virtual.close();
  });

  it("passes by a drive that nobody can tell, and loads into the next one", async () => {
    outOfReach.add(0);
    const loaded = await library.load("SR0001L8");
    expect(loaded.driveNumber).toBe(1);
    await loaded.release();
  });

  it("takes a full drive where the only empty one cannot be had", async () => {
    await (await library.load("SR0001L8")).release();
    outOfReach.add(1);
    const loaded = await library.load("SR0002L8");
    expect(loaded.driveNumber).toBe(0);
    await loaded.release();
  });

  it("says what is wrong when no drive can be had", async () => {
    outOfReach.add(0).add(1);
    await expect(library.load("SR0001L8")).rejects.toMatchObject({ code: "DRIVE_UNMAPPED" });
  });
});
