import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { SleepingClock } from "./scripted-transport.ts";

const capacityBytes = 16 * 1024 * 1024;
const block = new Uint8Array(64 * 1024).fill(7);

describe("a drive of the simulator", () => {
  let library: VirtualLibrary;
  let drive: TapeDrive;
  beforeEach(async () => {
    library = await createMemoryLibrary({ cartridges: [{ barcode: "TAPE01L8", capacityBytes }] }, systemRandom);
    const changer = openMediaChanger(await library.transport(0), new SleepingClock());
    await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
    await changer.close();
    drive = openTapeDrive(await library.transport(1), new SleepingClock());
    expect(await drive.ready(60_000)).toBe("ready");
  });
  afterEach(async () => {
    await drive.close();
    await library.close();
  });

  it("tells how long its commands take, and what it takes", async () => {
    expect(await drive.learnTimeouts()).toBe("drive");
    expect(await drive.partitions()).toBe(1);
    expect((await drive.densities()).some(({ writable }) => writable)).toBe(true);
  });

  it("erases everything, and ends at the beginning", async () => {
    for (let turn = 0; turn < 4; turn += 1) await drive.writeBlock(block);
    await drive.writeFilemarks(1);
    await drive.erase();
    expect(await drive.position()).toMatchObject({ objectNumber: 0, beginningOfPartition: true });
    expect(await drive.readBlock(new Uint8Array(block.length))).toEqual({ kind: "end-of-data" });
    expect((await drive.spaceToEndOfData()).objectNumber).toBe(0);
    await drive.rewind();
    expect(await drive.writeBlock(block)).toBe("written");
  });

  it("warns once where it was told to, and then where it does by itself", async () => {
    expect(await drive.earlyWarning()).toBe(0);
    expect(await drive.setEarlyWarning(3_999_999)).toBe(4_000_000);
    const results: string[] = [];
    for (let turn = 0; turn < 300 && results.at(-1) !== "end-of-medium"; turn += 1) {
      const result = await drive.writeBlock(block);
      if (result !== results.at(-1)) results.push(result);
    }
    expect(results.slice(0, 4)).toEqual(["written", "programmed-warning", "written", "early-warning"]);
    expect(results.at(-1)).toBe("end-of-medium");
    expect(await drive.setEarlyWarning(0)).toBe(0);
  });

  it("has on the medium what was confirmed", async () => {
    await drive.rewind();
    await drive.writeBlock(block);
    expect(drive.confirmedObjects).toBe(0);
    await drive.writeFilemarks(1);
    expect(drive.confirmedObjects).toBe(2);
    await drive.rewind();
    await drive.locateFile(1);
    expect(drive.confirmedObjects).toBe((await drive.position()).objectNumber);
  });
});
