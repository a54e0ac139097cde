import { describe, expect, it, onTestFinished } from "vitest";
import { createMemoryLibrary } from "../../simulator/index.ts";
import { geometryOf, noTime, timeFigures } from "../../simulator/time/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { buildAccessOrder, parseAccessOrder, type Transport } from "../../src/scsi/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import { loaded, send, u16 } from "./initiator.ts";

const lto9 = timeFigures.find(({ generation }) => generation === "LTO-9")!;
const capacityBytes = 280 * 16 * 1024;
const blocks = 2800;

/** A small cartridge whose blocks of 1 KiB lie over the wraps as those of a real one do: sixteen to a wrap. */
async function recorded(generation = "LTO-9") {
  const figures = timeFigures.find((each) => each.generation === generation)!;
  const library = await createMemoryLibrary({ cartridges: [{ barcode: "SR0001L9", capacityBytes }] }, systemRandom, { timing: { time: noTime(), figures } });
  onTestFinished(() => library.close());
  const all = await loaded(library);
  for (let count = 0; count < blocks; count += 1) await all.drive.write(Buffer.alloc(1024, count));
  await all.drive.rewind();
  return all;
}

type Range = readonly [first: number, last: number];

async function generate(transport: Transport, ranges: readonly Range[], process = 2): Promise<string> {
  const dataOut = buildAccessOrder(ranges.map(([firstObject, lastObject], name) => ({ name, firstObject, lastObject })));
  return (await send(transport, [0xa4, 0x1d, process, 0, 0, 0, 0, 0, ...u16(dataOut.length), 0, 0], { dataOut })).sense;
}

async function receive(transport: Transport): Promise<number[]> {
  const dataIn = new Uint8Array(4096);
  const { transferredBytes } = await send(transport, [0xa3, 0x1d, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0], { dataIn });
  return parseAccessOrder(dataIn.subarray(0, transferredBytes))!.map(({ name }) => name);
}

describe("recommended access order", () => {
  it("is that of drives of full height from LTO-9 on alone", async () => {
    const { transport } = await recorded();
    const dataIn = new Uint8Array(4);
    expect((await send(transport, [0xa3, 0x9d, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0], { dataIn })).sense).toBe("good");
    expect([...dataIn]).toEqual([...u16(2730), ...u16(32)]);
    for (const generation of ["LTO-8", "LTO-9 half height"]) {
      const older = await recorded(generation);
      expect((await send(older.transport, [0xa3, 0x9d, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0], { dataIn })).sense).toBe("5/24/00");
      expect(await generate(older.transport, [[0, 1]])).toBe("5/24/00");
    }
  });

  it("winds far less than the order of the tape", async () => {
    const { transport } = await recorded();
    const ranges = Array.from({ length: 60 }, (_, index): Range => [(index * 797) % 2700, ((index * 797) % 2700) + 3]).sort(([a], [b]) => a - b);
    expect(await generate(transport, ranges)).toBe("good");
    const order = await receive(transport);
    expect([...order].sort((a, b) => a - b)).toEqual(ranges.map((_, index) => index));
    const geometry = geometryOf(lto9, capacityBytes);
    const winding = (each: readonly number[]): number =>
      each.reduce((sum, index, at) => sum + geometry.searchMs(geometry.placeOf(at === 0 ? 0 : (ranges[each[at - 1]!]![1] + 1) * 1024), geometry.placeOf(ranges[index]![0] * 1024)), 0);
    expect(winding(order)).toBeLessThan(winding(ranges.map((_, index) => index)) / 2);
  });

  it("takes the place of the head into account, and gives a list as it was where that is wanted", async () => {
    const { transport, drive } = await recorded();
    const ranges: Range[] = [[0, 1], [8, 9]];
    await drive.locate(8);
    await generate(transport, ranges);
    expect(await receive(transport)).toEqual([1, 0]);
    await generate(transport, ranges, 0);
    expect(await receive(transport)).toEqual([0, 1]);
  });

  it.each<[string, Range[], string]>([
    ["a block behind the end of data", [[0, blocks]], "5/26/00"], ["an end before the beginning", [[9, 8]], "5/26/00"],
  ])("refuses %s, and keeps no list of it", async (_name, ranges, sense) => {
    const { transport } = await recorded();
    expect(await generate(transport, ranges)).toBe(sense);
    expect(await receive(transport)).toEqual([]);
  });

  it("refuses an unknown process and a list that is cut", async () => {
    const { transport } = await recorded();
    expect(await generate(transport, [[0, 1]], 5)).toBe("5/24/00");
    const dataOut = buildAccessOrder([{ name: 0, firstObject: 0, lastObject: 1 }]).subarray(0, 30);
    expect((await send(transport, [0xa4, 0x1d, 2, 0, 0, 0, 0, 0, 0, 30, 0, 0], { dataOut })).sense).toBe("5/1a/00");
  });

  it("ends with the cartridge", async () => {
    const { transport, drive } = await recorded();
    await generate(transport, [[0, 1]]);
    await drive.unload();
    await drive.load();
    expect(await receive(transport)).toEqual([]);
  });

  it("is had through the drive of the archive", async () => {
    const { transport } = await recorded();
    const ranges = [[0, 3], [8, 9], [30, 31]].map(([firstObject = 0, lastObject = 0]) => ({ firstObject, lastObject }));
    // Wrap 0 ends at block 16 and wrap 1 leads back: block 30 lies beside the beginning, and its end at it.
    expect(await openTapeDrive(transport, systemClock).accessOrder(ranges)).toEqual([2, 0, 1]);
  });

  it("goes over partitions, each at its place on the tape, and knows no objects that are not there", async () => {
    const { transport, drive } = await recorded();
    const page = Uint8Array.of(0, 0, 0x10, 0, 0x11, 0x0a, 3, 1, 0x3c, 3, 3, 0, ...u16(2000), 0xff, 0xff);
    expect((await send(transport, [0x15, 0x10, 0, 0, page.length, 0], { dataOut: page })).sense).toBe("good");
    expect((await send(transport, [0x04, 0, 1, 0, 0, 0])).sense).toBe("good");
    const locate = async (partition: number): Promise<string> => (await send(transport, [0x92, 2, 0, partition, ...new Array<number>(12).fill(0)])).sense;
    for (const partition of [0, 1]) {
      await locate(partition);
      for (let count = 0; count < 100; count += 1) await drive.write(Buffer.alloc(1024, count));
    }
    await locate(1);
    const ask = async (last: number): Promise<string> => {
      const dataOut = buildAccessOrder([0, 1].map((name) => ({ name, firstObject: last - 1, lastObject: last })));
      // The second is of the second partition: the byte before its first object.
      dataOut[8 + 32 + 15] = 1;
      return (await send(transport, [0xa4, 0x1d, 2, 0, 0, 0, 0, 0, ...u16(dataOut.length), 0, 0], { dataOut })).sense;
    };
    expect(await ask(50)).toBe("good");
    expect(await receive(transport)).toEqual([1, 0]);
    await locate(0);
    expect(await ask(50)).toBe("good");
    expect(await receive(transport)).toEqual([0, 1]);
    expect(await ask(100)).toBe("5/26/00");
  });
});
