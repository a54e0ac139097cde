import { expect, it } from "vitest";
import { createDiscardingStore, createMemoryLibrary, timeFigures, VirtualTime } from "../../../simulator/index.ts";
import type { Transport } from "../../../src/scsi/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { drive as driveAddress, move, send, slot, tape, u16, u24 } from "../initiator-commands.ts";

const figures = timeFigures.find(({ generation }) => generation === "LTO-9")!;
const blockBytes = 8 * 2 ** 20;

async function timed(time: VirtualTime) {
  const makeStore = () => createDiscardingStore({ hashes: false });
  const cartridges = [{ barcode: "TIME00L9", capacityBytes: figures.nativeBytes }];
  const library = await createMemoryLibrary({ cartridges }, systemRandom, { makeStore, timing: { time, figures } });
  const [changer, transport] = [await library.transport(0), await library.transport(1)];
  for (const one of [changer, transport]) await send(one, [0, 0, 0, 0, 0, 0]);
  await move(changer, slot(0), driveAddress(0));
  const drive = tape(transport);
  while ((await drive.ready()) !== "good") await time.sleep(1000);
  return { library, transport, drive };
}

const locateIn = async (transport: Transport, partition: number): Promise<string> =>
  (await send(transport, [0x92, 2, 0, partition, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])).sense;

it("partitions have their places on the tape: going to one is a search, and its data turns where its wraps do", async () => {
  const time = new VirtualTime();
  const { library, transport } = await timed(time);
  // 140 pairs of wraps: 69 for the first, one that is left out, 70 for the second, which begins over another band of the tape.
  const sizes = [...u16(8800), 0xff, 0xff];
  const dataOut = Uint8Array.of(0, 0, 0x10, 0, 0x11, 0x0a, 3, 1, 0x3c, 3, 9, 0, ...sizes);
  expect((await send(transport, [0x15, 0x10, 0, 0, dataOut.length, 0], { dataOut })).sense).toBe("good");
  const formatStartMs = time.machineMs();
  expect((await send(transport, [0x04, 0, 1, 0, 0, 0])).sense).toBe("good");
  expect(time.machineMs() - formatStartMs).toBeGreaterThanOrEqual(180_000);
  const block = new Uint8Array(blockBytes);
  const write = async (): Promise<string> => (await send(transport, [0x0a, 0, ...u24(blockBytes), 0], { dataOut: block })).sense;
  expect(await write()).toBe("good");
  const searchMs = library.driveTimes(0).milliseconds.searching;
  const beforeMs = time.machineMs();
  expect(await locateIn(transport, 1)).toBe("good");
  const wentMs = time.machineMs() - beforeMs;
  // Both begin where the tape does: there and the band, no way along the tape.
  expect(wentMs).toBeGreaterThanOrEqual(3000);
  expect(wentMs).toBeLessThan(6000);
  expect(library.driveTimes(0).milliseconds.searching).toBeGreaterThan(searchMs);
  for (let at = 0; at < 200; at += 1) expect(await write()).toBe("good");
  const { rewinding, searching } = library.driveTimes(0).milliseconds;
  expect((await send(transport, [0x01, 0, 0, 0, 0, 0])).sense).toBe("good");
  const { milliseconds } = library.driveTimes(0);
  expect(milliseconds.rewinding).toBe(rewinding);
  expect(milliseconds.searching).toBeGreaterThan(searching);
  const readMs = time.machineMs();
  expect((await send(transport, [0x08, 0, ...u24(blockBytes), 0], { dataIn: block })).sense).toBe("good");
  // It stands where it begins to read: no way to there.
  expect(time.machineMs() - readMs).toBeLessThan(2000);
  await library.close();
});

it("unload waits for what goes on", async () => {
  const time = new VirtualTime();
  const { library, transport, drive } = await timed(time);
  expect((await send(transport, [0x04, 1, 0, 0, 0, 0])).sense).toBe("good");
  expect(await drive.ready()).toBe("2/04/04");
  const startMs = time.machineMs();
  expect(await drive.unload()).toBe("good");
  expect(time.machineMs() - startMs).toBeGreaterThanOrEqual(180_000 + figures.unloadMs);
  await library.close();
});
