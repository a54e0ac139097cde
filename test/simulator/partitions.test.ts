import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Transport } from "../../src/scsi/index.ts";
import { dumpCartridge, openLibrary } from "../../simulator/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { folderLibrary, loaded, memoryLibrary, send, tape, temporaryFolder, u16 } from "./initiator.ts";
import { pathTo } from "./paths.ts";

const block = (sizeBytes: number, value = 1): Uint8Array => new Uint8Array(sizeBytes).fill(value);
/** 208 wraps of an LTO-8 tape: a pair has a megabyte. */
const capacityBytes = 104e6;
const description = (barcode = "SR0001L8", kind: "data" | "worm" = "data") => ({ cartridges: [{ barcode, capacityBytes, kind }] });

interface Page {
  readonly ways?: number;
  readonly count: number;
  readonly sizes?: readonly number[];
  readonly power?: number;
  readonly most?: number;
}

/** The medium partition mode page as a program sends it: IDP with sizes in powers of ten, when nothing else is said. */
async function selectPartitions(transport: Transport, { ways = 0x20, count, sizes = [], power = 6, most = 4 }: Page): Promise<string> {
  const page = [0x11, 6 + sizes.length * 2, most - 1, count - 1, ways | 0x1c, 0x03, power, 0, ...sizes.flatMap(u16)];
  const dataOut = Uint8Array.of(0, 0, 0x10, 0, ...page);
  return (await send(transport, [0x15, 0x10, 0, 0, dataOut.length, 0], { dataOut })).sense;
}

const format = async (transport: Transport, kind: number, flags = 0): Promise<string> => (await send(transport, [0x04, flags, kind, 0, 0, 0])).sense;

const locateIn = async (transport: Transport, partition: number, object = 0, type = 0): Promise<string> =>
  (await send(transport, [0x92, (type << 3) | 2, 0, partition, 0, 0, 0, 0, 0, 0, ...u16(object), 0, 0, 0, 0])).sense;

async function position(transport: Transport): Promise<{ partition: number; object: number }> {
  const dataIn = new Uint8Array(32);
  await send(transport, [0x34, 6, 0, 0, 0, 0, 0, 0, 0, 0], { dataIn });
  const view = new DataView(dataIn.buffer);
  return { partition: view.getUint32(4), object: Number(view.getBigUint64(8)) };
}

async function page11(transport: Transport): Promise<number[]> {
  const dataIn = new Uint8Array(64);
  const { transferredBytes } = await send(transport, [0x1a, 8, 0x11, 0, 64, 0], { dataIn });
  return [...dataIn.subarray(4, transferredBytes)];
}

/** Page 31: code → MiB. */
async function capacities(transport: Transport): Promise<number[]> {
  const dataIn = new Uint8Array(256);
  await send(transport, [0x4d, 0, 0x40 | 0x31, 0, 0, 0, 0, 1, 0, 0], { dataIn });
  const view = new DataView(dataIn.buffer);
  return Array.from({ length: view.getUint16(2) / 8 }, (_, at) => view.getUint32(4 + at * 8 + 4));
}

/** Two partitions as mkltfs makes them: a small one, and the rest. */
async function divided() {
  const all = await loaded(await memoryLibrary(description()));
  expect(await selectPartitions(all.transport, { count: 2, sizes: [1, 0xffff] })).toBe("good");
  expect(await format(all.transport, 1)).toBe("good");
  return all;
}

describe("format medium", () => {
  it("divides as the mode page asked, only then, and tells it in the page and in the capacities", async () => {
    const { transport, drive } = await loaded(await memoryLibrary(description()));
    expect((await page11(transport)).slice(0, 4)).toEqual([0x11, 14, 3, 0]);
    await drive.write(block(10));
    expect(await selectPartitions(transport, { count: 2, sizes: [1, 0xffff] })).toBe("good");
    expect((await page11(transport))[3]).toBe(0);
    await drive.rewind();
    expect((await drive.read(10)).sense).toBe("good");
    await drive.rewind();
    expect(await format(transport, 1)).toBe("good");
    const page = await page11(transport);
    expect([page[3], page[4], page[6]]).toEqual([1, 0x3c, 4]);
    // One pair of wraps, one that is left out, and 102 that are the rest; in units of ten thousand bytes.
    expect(page.slice(8, 16)).toEqual([...u16(100), ...u16(10_200), 0, 0, 0, 0]);
    expect(await capacities(transport)).toEqual([0, 97, 0, 97]);
    expect((await drive.read(10)).sense).toBe("8/00/05 info=10");
  });

  it("makes up to four, of sizes rounded up to pairs of wraps, and one again", async () => {
    const { transport } = await loaded(await memoryLibrary(description()));
    expect(await selectPartitions(transport, { count: 4, sizes: [15, 30, 0xffff, 20], power: 6 })).toBe("good");
    expect(await format(transport, 2)).toBe("good");
    // 104 pairs: 15, 30 and 20, three left out, and 36 for the rest.
    expect((await page11(transport)).slice(8)).toEqual([15, 30, 36, 20].flatMap((megabytes) => u16(megabytes * 1000)));
    expect(await capacities(transport)).toEqual([14, 28, 14, 28, 34, 19, 34, 19]);
    expect(await format(transport, 0)).toBe("good");
    expect((await page11(transport))[3]).toBe(0);
    expect(await capacities(transport)).toEqual([99, 0, 99, 0]);
  });

  it.each([
    ["FDP", { ways: 0x80, count: 1 }, [102, 1]],
    ["SDP", { ways: 0x40, count: 3 }, [100, 1, 1]],
    ["sizes in bytes, kilobytes' neighbours rounded up", { ways: 0x20, count: 2, sizes: [0xfff0, 0xffff], power: 0 }, [1, 102]],
  ])("%s", async (_, page, megabytes) => {
    const { transport } = await loaded(await memoryLibrary(description()));
    expect(await selectPartitions(transport, page)).toBe("good");
    expect(await format(transport, 1)).toBe("good");
    const told = await page11(transport);
    const unit = 10 ** told[6]! / 1e6;
    expect(megabytes.map((_size, at) => Math.round(((told[8 + at * 2]! << 8) | told[9 + at * 2]!) * unit))).toEqual(megabytes);
    expect(told[3]).toBe(megabytes.length - 1);
  });

  it.each([
    ["five partitions", { count: 5, sizes: [1, 1, 1, 1, 0xffff] }],
    ["two that have the rest", { count: 2, sizes: [0xffff, 0xffff] }],
    ["more than there is", { count: 2, sizes: [100, 10] }],
    ["fewer sizes than partitions", { count: 3, sizes: [1, 0xffff] }],
    ["another maximum", { count: 2, sizes: [1, 0xffff], most: 3 }],
    ["two ways at once", { ways: 0x60, count: 2, sizes: [1, 0xffff] }],
  ])("mode select refuses %s, and what was asked for before stays", async (_, page) => {
    const { transport } = await loaded(await memoryLibrary(description()));
    await selectPartitions(transport, { count: 3, sizes: [1, 1, 0xffff] });
    expect(await selectPartitions(transport, page)).toBe("5/26/00");
    expect(await format(transport, 1)).toBe("good");
    expect((await page11(transport))[3]).toBe(2);
  });

  it("only at the beginning of the first partition, 5/3b/0c; with a known format and no list", async () => {
    const { transport, drive } = await divided();
    await drive.write(block(10));
    expect(await format(transport, 0)).toBe("5/3b/0c");
    await locateIn(transport, 1);
    expect(await format(transport, 0)).toBe("5/3b/0c");
    await locateIn(transport, 0);
    expect(await format(transport, 3)).toBe("5/24/00");
    expect((await send(transport, [0x04, 0, 0, 0, 4, 0])).sense).toBe("5/24/00");
    expect(await format(transport, 0)).toBe("good");
  });

  it("of a tape of real size, by what mkltfs makes of the page that it reads: a gigabyte becomes a pair of wraps", async () => {
    const { transport } = await loaded(await memoryLibrary({ cartridges: [{ barcode: "SR0001L8", capacityBytes: 12e12 }] }));
    const list = new Uint8Array(32);
    expect((await send(transport, [0x5a, 0, 0x11, 0, 0, 0, 0, 0, 28, 0], { dataIn: list.subarray(0, 28) })).sense).toBe("good");
    // Behind header and block descriptor; what the page has beyond its second size stays zero.
    list.set([0, 0], 0);
    list.set([1, 0x20 | (list[20]! & 0x1f), list[21]!, 9, list[23]!, 0, 1, 0xff, 0xff], 19);
    expect((await send(transport, [0x55, 0x10, 0, 0, 0, 0, 0, 0, 18 + list[17]!, 0], { dataOut: list })).sense).toBe("good");
    expect(await format(transport, 1)).toBe("good");
    const page = await page11(transport);
    expect([page[3], page[6], ...page.slice(8)]).toEqual([1, 9, ...u16(115), ...u16(11_769), 0, 0, 0, 0]);
  });

  it("of LTO-5 two at most, of WORM and write-protected cartridges none", async () => {
    const five = await loaded(await memoryLibrary({ model: "LTO-5", cartridges: [{ barcode: "SR0001L5", capacityBytes: 104e6 }] }));
    expect((await page11(five.transport))[2]).toBe(1);
    expect(await selectPartitions(five.transport, { count: 2, sizes: [1, 0xffff], most: 2 })).toBe("good");
    expect(await selectPartitions(five.transport, { count: 3, sizes: [1, 1, 0xffff], most: 2 })).toBe("5/26/00");
    const worm = await loaded(await memoryLibrary(description("SR0001LY", "worm")));
    expect((await page11(worm.transport))[2]).toBe(0);
    expect(await format(worm.transport, 0)).toBe("7/30/0c");
    const library = await memoryLibrary(description());
    await library.hands.setWriteProtected("SR0001L8", true);
    expect(await format((await loaded(library)).transport, 0)).toBe("7/27/00");
  });

  it("tells everybody else that mode parameters changed", async () => {
    const library = await memoryLibrary(description());
    const { transport } = await loaded(library);
    const other = tape(pathTo(library, 1, "other"));
    while ((await other.ready()).startsWith("6/")) await Promise.resolve();
    await format(transport, 0);
    expect(await other.ready()).toBe("6/2a/01");
  });
});

describe("partitions", () => {
  it("are each a sequence of its own: positions, ends of data, filemarks", async () => {
    const { transport, drive } = await divided();
    await drive.write(block(10, 1));
    await drive.marks(1);
    expect(await locateIn(transport, 1)).toBe("good");
    expect(await position(transport)).toEqual({ partition: 1, object: 0 });
    for (const value of [2, 3, 4]) await drive.write(block(20, value));
    expect(await position(transport)).toEqual({ partition: 1, object: 3 });
    await drive.rewind();
    expect(await position(transport)).toEqual({ partition: 1, object: 0 });
    expect(await drive.space(0, 2)).toBe("good");
    expect((await drive.read(20)).data[0]).toBe(4);
    expect((await drive.read(20)).sense).toBe("8/00/05 info=20");
    expect(await locateIn(transport, 0, 0, 3)).toBe("good");
    expect(await position(transport)).toEqual({ partition: 0, object: 2 });
    expect(await locateIn(transport, 1, 9)).toBe("8/00/05");
    expect(await position(transport)).toEqual({ partition: 1, object: 3 });
    expect(await locateIn(transport, 0)).toBe("good");
    expect((await drive.read(10)).data[0]).toBe(1);
    expect(await locateIn(transport, 2)).toBe("5/24/00");
    expect(await position(transport)).toEqual({ partition: 0, object: 1 });
  });

  it("locate(10) with CP changes the partition, without it stays", async () => {
    const { transport } = await divided();
    expect((await send(transport, [0x2b, 2, 0, 0, 0, 0, 0, 0, 1, 0])).sense).toBe("good");
    expect((await send(transport, [0x2b, 0, 0, 0, 0, 0, 0, 0, 0, 0])).sense).toBe("good");
    expect((await position(transport)).partition).toBe(1);
    const dataIn = new Uint8Array(32);
    await send(transport, [0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0], { dataIn });
    expect([dataIn[0]! & 0x80, dataIn[1]]).toEqual([0x80, 1]);
    await send(transport, [0x34, 8, 0, 0, 0, 0, 0, 0, 32, 0], { dataIn });
    expect([dataIn[1], dataIn[3]]).toEqual([1, 0x1c]);
  });

  it("are written over and filled one without the other", async () => {
    const { transport, drive } = await divided();
    await locateIn(transport, 1);
    for (let at = 0; at < 3; at += 1) await drive.write(block(100_000, 7));
    await locateIn(transport, 0);
    // A megabyte: its early-warning zone is a quarter.
    const answers: string[] = [];
    for (let at = 0; at < 11; at += 1) answers.push(await drive.write(block(100_000)));
    expect(answers.slice(0, 7).every((answer) => answer === "good")).toBe(true);
    expect(answers.slice(7)).toEqual(["0/00/02 EOM info=0", "0/00/02 EOM info=0", "0/00/02 EOM info=0", "d/00/02 EOM info=100000"]);
    await drive.rewind();
    await drive.write(block(5));
    expect((await drive.read(5)).sense).toBe("8/00/05 info=5");
    await locateIn(transport, 1, 2);
    expect((await drive.read(100_000)).data[0]).toBe(7);
  });

  it("load goes back to the first", async () => {
    const { transport, drive } = await divided();
    await locateIn(transport, 1);
    await drive.load();
    expect(await position(transport)).toEqual({ partition: 0, object: 0 });
    await locateIn(transport, 1);
    await drive.unload();
    await drive.load();
    expect(await position(transport)).toEqual({ partition: 0, object: 0 });
  });

  it("have attributes and statistics of their own", async () => {
    const { transport, drive } = await divided();
    const attribute = async (partition: number, id: number): Promise<number[] | string> => {
      const dataIn = new Uint8Array(64);
      const { sense } = await send(transport, [0x8c, 0, 0, 0, 0, 0, 0, partition, ...u16(id), 0, 0, 0, 64, 0, 0], { dataIn });
      return sense === "good" && ((dataIn[4]! << 8) | dataIn[5]!) === id ? [...dataIn.subarray(9, 9 + ((dataIn[7]! << 8) | dataIn[8]!))] : sense;
    };
    const put = async (partition: number, id: number, value: number): Promise<string> => {
      const dataOut = Uint8Array.of(0, 0, 0, 6, ...u16(id), 0, 0, 1, value);
      return (await send(transport, [0x8d, 1, 0, 0, 0, 0, 0, partition, 0, 0, 0, 0, 0, 10, 0, 0], { dataOut })).sense;
    };
    expect([await put(0, 0x080c, 1), await put(1, 0x080c, 2), await put(1, 0x0801, 3), await put(2, 0x080c, 4)]).toEqual(["good", "good", "good", "5/24/00"]);
    expect([await attribute(0, 0x080c), await attribute(1, 0x080c), await attribute(0, 0x0801)]).toEqual([[1], [2], [3]]);
    expect([await attribute(0, 0x0001), await attribute(1, 0x0001)]).toEqual([[0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 97]]);
    expect(await attribute(2, 0x0001)).toBe("5/24/00");
    const dataIn = new Uint8Array(8);
    await send(transport, [0x8c, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0], { dataIn });
    expect([...dataIn.subarray(0, 4)]).toEqual([0, 2, 0, 2]);
    await drive.rewind();
    await format(transport, 1);
    expect(await attribute(0, 0x080c)).not.toEqual([1]);
    expect(await attribute(1, 0x080c)).not.toEqual([2]);
  });
});

describe("in a folder", () => {
  it("stay through other processes, loss of power and a new format; what a cartridge had before has one", async () => {
    const folder = temporaryFolder();
    const library = await folderLibrary(folder, description());
    const { transport, drive } = await loaded(library);
    await selectPartitions(transport, { count: 2, sizes: [1, 0xffff] });
    await format(transport, 1);
    await drive.write(block(10, 1));
    await locateIn(transport, 1);
    await drive.write(block(10, 2));
    await drive.marks(1);
    await drive.write(block(10, 3));
    const coherency = Uint8Array.of(0, 0, 0, 6, 0x08, 0x0c, 0, 0, 1, 77);
    expect((await send(transport, [0x8d, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 10, 0, 0], { dataOut: coherency })).sense).toBe("good");
    await library.dropPower(1);
    expect(await drive.ready()).toBe("6/29/01");
    expect(await position(transport)).toEqual({ partition: 0, object: 0 });
    await locateIn(transport, 1, 0, 3);
    expect(await position(transport)).toEqual({ partition: 1, object: 2 });
    await library.close();
    expect(await dumpCartridge(folder, "SR0001L8", join(folder, "files"))).toBe(2);
    expect([...readFileSync(join(folder, "files", "partition-1", "000000"))]).toEqual([...block(10, 2)]);
    const again = await openLibrary(folder, systemRandom);
    const reopened = await again.transport(1);
    while ((await tape(reopened).ready()).startsWith("6/")) await Promise.resolve();
    expect((await page11(reopened))[3]).toBe(1);
    const dataIn = new Uint8Array(16);
    await send(reopened, [0x8c, 0, 0, 0, 0, 0, 0, 1, 0x08, 0x0c, 0, 0, 0, 16, 0, 0], { dataIn });
    expect([...dataIn.subarray(4, 10)]).toEqual([0x08, 0x0c, 0, 0, 1, 77]);
    await locateIn(reopened, 1);
    expect((await tape(reopened).read(10)).data[0]).toBe(2);
    await tape(reopened).load();
    expect(await format(reopened, 0)).toBe("good");
    expect(await locateIn(reopened, 1)).toBe("5/24/00");
    await again.close();
  });
});
