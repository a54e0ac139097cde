import { expect, it } from "vitest";
import { createDiscardingStore, createMemoryLibrary, timeFigures, VirtualTime, type VirtualLibrary } from "../../../simulator/index.ts";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { systemRandom } from "../../../src/words/index.ts";

const figures = timeFigures.find(({ generation }) => generation === "LTO-9")!;
const blockBytes = 8 * 2 ** 20;

async function timedLibrary(time: VirtualTime, drives: number): Promise<VirtualLibrary> {
  const cartridges = Array.from({ length: drives }, (_, index) => ({ barcode: `TIME0${String(index)}L9`, capacityBytes: figures.nativeBytes }));
  const makeStore = () => createDiscardingStore({ hashes: false });
  return await createMemoryLibrary({ drives, slots: drives, cartridges }, systemRandom, { makeStore, timing: { time, figures } });
}

it("lets a movement, a load, transfers, a search and an unload take what they take, on the clock of whoever waits", async () => {
  const time = new VirtualTime();
  const library = await timedLibrary(time, 1);
  const changer = openMediaChanger(await library.transport(0), time);
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  expect(time.machineMs()).toBe(12_000);
  const drive = openTapeDrive(await library.transport(1), time);
  expect(await drive.ready(60_000)).toBe("ready");
  expect(time.machineMs()).toBeGreaterThanOrEqual(12_000 + figures.loadMs);
  const readyMs = time.machineMs();
  const block = new Uint8Array(blockBytes);
  for (let written = 0; written < 12_000; written += 1) await drive.writeBlock(block);
  await drive.writeFilemarks(1);
  const writtenMs = time.machineMs() - readyMs;
  expect((12_000 * blockBytes) / writtenMs / 1000).toBeGreaterThan(380);
  const beforeMs = time.machineMs();
  await drive.locate(6000);
  expect(time.machineMs() - beforeMs).toBeGreaterThan(2000);
  expect(time.machineMs() - beforeMs).toBeLessThan(100_000);
  await drive.unload();
  await drive.close();
  const { milliseconds, bytesWritten, backhitches } = library.driveTimes(0);
  expect(bytesWritten).toBeGreaterThan(12_000 * blockBytes);
  expect(backhitches).toBe(0);
  expect(milliseconds.loading).toBe(figures.loadMs);
  expect(milliseconds.unloading).toBe(figures.unloadMs);
  expect(milliseconds.searching).toBeGreaterThan(2000);
  await changer.close();
  await library.close();
}, 60_000);

it("runs two drives at once in the time of one", async () => {
  const time = new VirtualTime();
  const library = await timedLibrary(time, 2);
  const changer = openMediaChanger(await library.transport(0), time);
  const block = new Uint8Array(blockBytes);
  const drives = await Promise.all([0, 1].map(async (number) => {
    await changer.move({ kind: "slot", number: number + 1 }, { kind: "drive", number });
    const drive = openTapeDrive(await library.transport(number + 1), time);
    await drive.ready(60_000);
    return drive;
  }));
  const beginMs = time.machineMs();
  await Promise.all(drives.map(async (drive) => {
    for (let written = 0; written < 2000; written += 1) await drive.writeBlock(block);
    await drive.writeFilemarks(1);
  }));
  const seconds = (time.machineMs() - beginMs) / 1000;
  expect((2000 * blockBytes) / seconds / 1e6).toBeGreaterThan(380);
  for (const number of [0, 1]) {
    const { milliseconds } = library.driveTimes(number);
    expect(milliseconds.streaming).toBeGreaterThan(38_000);
  }
  for (const drive of drives) await drive.close();
  await changer.close();
  await library.close();
}, 60_000);
