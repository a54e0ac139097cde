import { expect, it } from "vitest";
import { createMemoryLibrary, timeFigures, VirtualTime, type VirtualLibrary } from "../../../simulator/index.ts";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { drive as driveAddress, loaded, memoryLibrary, move, send, slot, tape } from "../initiator.ts";
import { shown } from "./pages.ts";

const minuteMs = 60_000;
const figures = timeFigures.find(({ generation }) => generation === "LTO-9")!;

async function newCartridge(time: VirtualTime): Promise<VirtualLibrary> {
  const cartridges = [{ barcode: "SR0001L9", capacityBytes: 64 * 1024 * 1024, isNew: true }];
  const library = await createMemoryLibrary({ drives: 1, model: "LTO-9", cartridges }, systemRandom, { timing: { time, figures } });
  const changer = await library.transport(0);
  await send(changer, [0, 0, 0, 0, 0, 0]);
  await move(changer, slot(0), driveAddress(0));
  return library;
}

it("a new LTO-9 cartridge is measured at its first load alone, and the drive says how far it is", async () => {
  const time = new VirtualTime();
  const library = await newCartridge(time);
  const transport = await library.transport(1);
  const drive = tape(transport);
  while ((await drive.ready()).startsWith("6/")) await Promise.resolve();
  const progress = async (): Promise<number> => {
    const dataIn = new Uint8Array(18);
    await send(transport, [3, 0, 0, 0, 18, 0], { dataIn });
    expect([dataIn[2], dataIn[12], dataIn[13], dataIn[15]]).toEqual([2, 4, 1, 0x80]);
    return (dataIn[16]! << 8) | dataIn[17]!;
  };
  const first = await progress();
  await time.sleep(10 * minuteMs);
  expect(await progress()).toBeGreaterThan(first);
  expect(await drive.ready()).toBe("2/04/01");
  await time.sleep(60 * minuteMs);
  expect(await drive.ready()).toBe("good");
  await drive.unload();
  const beforeMs = time.machineMs();
  expect(await drive.load()).toBe("good");
  expect(time.machineMs() - beforeMs).toBeLessThan(minuteMs);
  await library.close();
});

it("a WORM cartridge that was measured is taken for whole", async () => {
  const library = await memoryLibrary({ drives: 1, model: "LTO-9", cartridges: [{ barcode: "SR0001LZ", capacityBytes: 64 * 1024 * 1024, isNew: true }] });
  const { drive } = await loaded(library);
  for (let load = 0; load < 2; load += 1) {
    expect(await drive.space(3, 0)).toBe("good");
    expect(await drive.write(new Uint8Array(1000))).toBe("good");
    expect(await drive.unload()).toBe("good");
    expect(await drive.load()).toBe("good");
  }
  await library.close();
});

it("begins anew when the power fails meanwhile", async () => {
  const time = new VirtualTime();
  const library = await newCartridge(time);
  const drive = tape(await library.transport(1));
  await drive.ready();
  await time.sleep(15 * minuteMs);
  await library.dropPower(1);
  await drive.ready();
  await time.sleep(15 * minuteMs);
  expect(await drive.ready()).toBe("2/04/01");
  await time.sleep(60 * minuteMs);
  expect(await drive.ready()).toBe("good");
  await library.close();
});

it("our own drive waits for it", async () => {
  const time = new VirtualTime();
  const library = await newCartridge(time);
  const drive = openTapeDrive(await library.transport(1), time);
  expect(await drive.ready(120 * minuteMs)).toBe("ready");
  expect(time.machineMs()).toBeGreaterThan(20 * minuteMs);
  await drive.close();
  await library.close();
});

it("HOLD takes a cartridge in and does not thread it; EOT with LOAD is refused, RETEN changes nothing", async () => {
  const { drive, transport } = await loaded(await memoryLibrary());
  const load = async (flags: number): Promise<string> => (await send(transport, [0x1b, 0, 0, 0, flags, 0])).sense;
  expect([await load(0x05), await load(0x0c)]).toEqual(["5/24/00", "5/24/00"]);
  expect([await load(0x08), await drive.ready(), await load(0x01), await drive.ready()]).toEqual(["good", "2/04/02", "good", "good"]);
  expect([await load(0x00), await drive.ready(), await load(0x09), await drive.ready()]).toEqual(["good", "2/3a/00", "good", "2/04/02"]);
  expect([await load(0x03), await drive.ready()]).toEqual(["good", "good"]);
});

it("a cartridge of a generation that is only read says so by flag 17", async () => {
  const library = await memoryLibrary({ drives: 1, model: "LTO-7", cartridges: [{ barcode: "SR0001L5", capacityBytes: 64 * 1024 * 1024 }] });
  const { drive, transport } = await loaded(library);
  expect(await shown(transport)).toEqual([17]);
  expect([await drive.unload(), await shown(transport)]).toEqual(["good", []]);
});
