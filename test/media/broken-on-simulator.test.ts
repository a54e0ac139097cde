import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import type { VolumeMedium } from "../../src/formats/volume/index.ts";
import { openTapeMedium } from "../../src/media/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";

const barcode = "SR0001L8";
const objectBytes = 3_000_000;
let library: VirtualLibrary;
let medium: VolumeMedium;

beforeEach(async () => {
  library = await createMemoryLibrary({ drives: 1, slots: 1, cartridges: [{ barcode, capacityBytes: 64 * 1024 * 1024 }] }, systemRandom);
  const changer = openMediaChanger(await library.transport(0), systemClock);
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  const drive = openTapeDrive(await library.transport(1), systemClock);
  await drive.ready(1000);
  medium = await openTapeMedium(drive, barcode);
  for (const number of [0, 1, 2]) {
    const writer = await medium.writeObject(number, "segment");
    expect(await writer.write(new Uint8Array(objectBytes).fill(number))).toBe("written");
    expect(await writer.finish()).toBe("finished");
  }
});
afterEach(async () => { await library.close(); });

async function readWhole(number: number): Promise<number> {
  const reader = await medium.readObject(number);
  if (reader === "end-of-data") throw new Error("the object is not there");
  const room = new Uint8Array(1024 * 1024);
  let sum = 0;
  try {
    for (;;) {
      const size = await reader.read(room);
      if (size === 0) return sum;
      expect(room.subarray(0, size).every((byte) => byte === number)).toBe(true);
      sum += size;
    }
  } finally {
    await reader.close();
  }
}

describe("a volume on a broken tape", () => {
  it("loses the object with the spot, names the fault, and reads the others", async () => {
    await library.hands.breakSpot(barcode, { at: { file: 1, byte: 1_500_000, lengthBytes: 1 } });
    expect(await readWhole(0)).toBe(objectBytes);
    await expect(readWhole(1)).rejects.toMatchObject({ code: "MEDIUM_ERROR", kind: "failed" });
    expect([await readWhole(2), await readWhole(0)]).toEqual([objectBytes, objectBytes]);
    await library.hands.mendCartridge(barcode, "spot");
    expect(await readWhole(1)).toBe(objectBytes);
  });

  it("reads a weak object at another try", async () => {
    await library.hands.breakSpot(barcode, { at: { file: 1, byte: 0, lengthBytes: 1 }, readAtTry: 2 });
    await expect(readWhole(1)).rejects.toMatchObject({ code: "MEDIUM_ERROR" });
    expect(await readWhole(1)).toBe(objectBytes);
  });

  it("is read and written over as before behind a damaged end of data, which is whole again then", async () => {
    await library.hands.breakCartridge(barcode, "end");
    for (const number of [0, 1, 2]) expect(await readWhole(number)).toBe(objectBytes);
    await expect(medium.countObjects()).rejects.toMatchObject({ code: "MEDIUM_ERROR" });
    await expect(medium.writeObject(3, "segment")).rejects.toMatchObject({ code: "MEDIUM_ERROR" });
    const writer = await medium.writeObject(2, "segment");
    await writer.write(new Uint8Array(10).fill(2));
    await writer.finish();
    expect([await medium.countObjects(), await readWhole(2)]).toEqual([3, 10]);
  });

  it("is read without its chip, whose note is only a convenience", async () => {
    await library.hands.breakCartridge(barcode, "chip");
    expect(await readWhole(1)).toBe(objectBytes);
  });
});
