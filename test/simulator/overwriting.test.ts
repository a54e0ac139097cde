import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createMemoryLibrary, timeFigures, VirtualTime } from "../../simulator/index.ts";
import type { Transport } from "../../src/scsi/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { drive as driveAddress, folderLibrary, loaded, memoryLibrary, move, send, slot, tape, temporaryFolder, u16 } from "./initiator.ts";
import { shown } from "./care/pages.ts";

const block = (sizeBytes: number, value = 1): Uint8Array => new Uint8Array(sizeBytes).fill(value);
const capacityBytes = 104e6;
const description = (barcode = "SR0001L8", kind: "data" | "worm" = "data") => ({ cartridges: [{ barcode, capacityBytes, kind }] });

const erase = async (transport: Transport, flags: number): Promise<string> => (await send(transport, [0x19, flags, 0, 0, 0, 0])).sense;
const format = async (transport: Transport, flags = 0): Promise<string> => (await send(transport, [0x04, flags, 0, 0, 0, 0])).sense;
const setCapacity = async (transport: Transport, proportion: number): Promise<string> => (await send(transport, [0x0b, 0, 0, ...u16(proportion), 0])).sense;
const allow = async (transport: Transport, what: number, object: number, partition = 0): Promise<string> =>
  (await send(transport, [0x82, 0, what, partition, 0, 0, 0, 0, 0, 0, ...u16(object), 0, 0, 0, 0])).sense;

/** WRITE MODE of the device configuration extension page. */
async function appendOnly(transport: Transport, mode: 0 | 1): Promise<string> {
  const page = [0x50, 0x01, 0, 0x1c, 0, mode << 4, ...new Array<number>(26).fill(0)];
  const dataOut = Uint8Array.of(0, 0, 0x10, 0, ...page);
  return (await send(transport, [0x15, 0x10, 0, 0, dataOut.length, 0], { dataOut })).sense;
}

async function requestSense(transport: Transport): Promise<{ code: string; progress: number | undefined }> {
  const dataIn = new Uint8Array(18);
  await send(transport, [0x03, 0, 0, 0, 18, 0], { dataIn });
  const hex = (value: number): string => value.toString(16).padStart(2, "0");
  const progress = (dataIn[15]! & 0xc0) === 0x80 ? (dataIn[16]! << 8) | dataIn[17]! : undefined;
  return { code: `${(dataIn[2]! & 0x0f).toString(16)}/${hex(dataIn[12]!)}/${hex(dataIn[13]!)}`, progress };
}

async function capacityMiB(transport: Transport): Promise<number> {
  const dataIn = new Uint8Array(256);
  await send(transport, [0x4d, 0, 0x71, 0, 0, 0, 0, 1, 0, 0], { dataIn });
  return new DataView(dataIn.buffer).getUint32(4 + 2 * 8 + 4);
}

async function recorded(blocks = 3, kind: "data" | "worm" = "data") {
  const all = await loaded(await memoryLibrary(description(kind === "worm" ? "SR0001LY" : "SR0001L8", kind)));
  for (let at = 0; at < blocks; at += 1) await all.drive.write(block(10, at + 1));
  return all;
}

describe("erase", () => {
  it.each([["short", 0], ["long", 1], ["long, at once", 3]])("%s: what is behind the position is gone, the tape stays there", async (_, flags) => {
    const { transport, drive } = await recorded();
    await drive.locate(1);
    expect(await erase(transport, flags)).toBe("good");
    expect((await drive.position()).object).toBe(1);
    expect((await drive.read(10)).sense).toBe("8/00/05 info=10");
    await drive.rewind();
    expect((await drive.read(10)).data[0]).toBe(1);
  });

  it("long and immediate goes on by itself, and request sense tells how far it is", async () => {
    const time = new VirtualTime();
    const figures = timeFigures.find(({ generation }) => generation === "LTO-8")!;
    const library = await createMemoryLibrary({ cartridges: [{ barcode: "SR0001L8", capacityBytes: figures.nativeBytes }] }, systemRandom, { timing: { time, figures } });
    const [changer, transport] = [await library.transport(0), await library.transport(1)];
    for (const one of [changer, transport]) await send(one, [0, 0, 0, 0, 0, 0]);
    await move(changer, slot(0), driveAddress(0));
    const drive = tape(transport);
    while ((await drive.ready()) !== "good") await time.sleep(1000);
    expect(await drive.write(block(10))).toBe("good");
    await drive.rewind();
    const startMs = time.machineMs();
    expect(await erase(transport, 3)).toBe("good");
    expect(time.machineMs()).toBe(startMs);
    const wholeMs = (figures.nativeBytes / figures.nativeBytesPerSecond) * 1000;
    await time.sleep(wholeMs / 2);
    const half = await requestSense(transport);
    expect(half.code).toBe("0/00/18");
    expect(Math.abs(half.progress! / 65536 - 0.5)).toBeLessThan(0.02);
    expect(await drive.ready()).toBe("2/04/07");
    await time.sleep(wholeMs / 2 + 200_000);
    expect(await requestSense(transport)).toEqual({ code: "0/00/00", progress: undefined });
    expect(await drive.ready()).toBe("good");
    // Without IMMED the answer comes when it is done; a new format tells its progress as what keeps the drive from being ready.
    const againMs = time.machineMs();
    expect(await erase(transport, 1)).toBe("good");
    expect(time.machineMs() - againMs).toBeGreaterThanOrEqual(wholeMs);
    expect(await format(transport, 1)).toBe("good");
    await time.sleep(90_000);
    const formatting = await requestSense(transport);
    expect([formatting.code, formatting.progress! > 20_000]).toEqual(["2/04/04", true]);
    await time.sleep(200_000);
    expect(await drive.ready()).toBe("good");
    await library.close();
  });
});

describe("set capacity", () => {
  it("leaves a proportion of the tape, in pairs of wraps, until it is all of it again; everything recorded is gone", async () => {
    const { transport, drive } = await recorded();
    expect(await setCapacity(transport, 0x8000)).toBe("5/3b/0c");
    await drive.rewind();
    expect(await setCapacity(transport, 0x8000)).toBe("good");
    expect(await capacityMiB(transport)).toBe(Math.floor(52e6 / 2 ** 20));
    expect((await drive.read(10)).sense).toBe("8/00/05 info=10");
    expect(await format(transport)).toBe("good");
    expect(await capacityMiB(transport)).toBe(Math.floor(52e6 / 2 ** 20));
    expect(await setCapacity(transport, 0)).toBe("good");
    expect(await drive.write(block(900_000))).toBe("0/00/02 EOM info=0");
    expect(await drive.write(block(200_000))).toBe("d/00/02 EOM info=200000");
    await drive.rewind();
    expect(await setCapacity(transport, 0xffff)).toBe("good");
    expect(await capacityMiB(transport)).toBe(Math.floor(capacityBytes / 2 ** 20));
  });
});

describe("append-only mode", () => {
  it("refuses to write over anything but filemarks at the end, 7/30/0c, and lets go of itself at the beginning alone", async () => {
    const { transport, drive } = await recorded();
    expect(await appendOnly(transport, 1)).toBe("good");
    await drive.locate(1);
    expect([await drive.write(block(10)), await drive.marks(1), await drive.erase()]).toEqual(["7/30/0c", "7/30/0c", "7/30/0c"]);
    expect(await appendOnly(transport, 0)).toBe("5/3b/0c");
    await drive.space(3, 0);
    expect([await drive.write(block(10)), await drive.marks(2)]).toEqual(["good", "good"]);
    expect(await drive.space(1, -1 & 0xffffff)).toBe("good");
    expect(await drive.write(block(10))).toBe("good");
    await drive.rewind();
    expect(await format(transport)).toBe("7/30/0c");
    expect(await setCapacity(transport, 0xffff)).toBe("7/30/0c");
    expect(await appendOnly(transport, 0)).toBe("good");
    expect(await drive.write(block(10))).toBe("good");
  });

  it("allow overwrite permits one, at the place that it names, until the tape moves", async () => {
    const { transport, drive } = await recorded();
    await appendOnly(transport, 1);
    await drive.locate(1);
    expect([await allow(transport, 1, 2), await drive.write(block(10))]).toEqual(["5/3b/00", "7/30/0c"]);
    expect([await allow(transport, 1, 1), await drive.rewind(), await drive.locate(1), await drive.write(block(10))]).toEqual(["good", "good", "good", "7/30/0c"]);
    expect([await allow(transport, 1, 1), await allow(transport, 0, 0), await drive.write(block(10))]).toEqual(["good", "good", "7/30/0c"]);
    expect([await allow(transport, 1, 1, 1), await allow(transport, 3, 1)]).toEqual(["5/3b/00", "5/24/00"]);
    expect([await allow(transport, 1, 1), await drive.write(block(10)), (await drive.position()).object]).toEqual(["good", "good", 2]);
    await drive.locate(1);
    expect(await drive.write(block(10))).toBe("7/30/0c");
    expect([await allow(transport, 1, 1), await drive.erase(), (await drive.read(10)).sense]).toEqual(["good", "good", "8/00/05 info=10"]);
  });

  it("allow overwrite of the tape permits to format it", async () => {
    const { transport, drive } = await recorded();
    await appendOnly(transport, 1);
    expect(await allow(transport, 2, 3)).toBe("5/3b/0c");
    await drive.rewind();
    expect([await allow(transport, 2, 0), await format(transport), (await drive.read(10)).sense]).toEqual(["good", "good", "8/00/05 info=10"]);
    expect(await format(transport)).toBe("good");
    expect([await drive.write(block(10)), await drive.rewind(), await format(transport)]).toEqual(["good", "good", "7/30/0c"]);
  });
});

describe("WORM", () => {
  it("lets the filemarks at the end be written over, and nothing else", async () => {
    const { drive } = await recorded(1, "worm");
    expect(await drive.marks(2)).toBe("good");
    await drive.locate(2);
    expect(await drive.write(block(10, 9))).toBe("good");
    await drive.locate(1);
    expect([await drive.write(block(10)), await drive.marks(1)]).toEqual(["7/30/0c", "7/30/0c"]);
    await drive.locate(2);
    expect((await drive.read(10)).data[0]).toBe(9);
  });

  it("is never erased, divided or made smaller, where it is blank either", async () => {
    const { transport } = await recorded(0, "worm");
    expect([await erase(transport, 0), await erase(transport, 1), await format(transport), await setCapacity(transport, 0xffff)])
      .toEqual(["7/30/0c", "7/30/0c", "7/30/0c", "7/30/0c"]);
  });
});

it("a WORM cartridge whose tape lost something that its chip knows of is read, and not written any more: 7/30/0d", async () => {
  const folder = temporaryFolder();
  const library = await folderLibrary(folder, description("SR0001LY", "worm"));
  const { drive, transport } = await loaded(library);
  const tapeFiles = ["data", "index"].map((name) => join(folder, "cartridges", "SR0001LY", name));
  await drive.write(block(10, 1));
  await drive.marks(2);
  await drive.unload();
  const before = tapeFiles.map((path) => readFileSync(path));
  await drive.load();
  await drive.space(3, 0);
  await drive.space(1, -1 & 0xffffff);
  expect([await drive.write(block(10, 2)), await drive.marks(1)]).toEqual(["good", "good"]);
  await drive.unload();
  await drive.load();
  await drive.space(3, 0);
  expect(await drive.write(block(10, 3))).toBe("good");
  expect(await shown(transport)).toEqual([]);
  await drive.unload();
  for (const [at, path] of tapeFiles.entries()) writeFileSync(path, before[at]!);
  await drive.load();
  expect(await shown(transport)).toEqual([59]);
  expect((await drive.read(10)).data[0]).toBe(1);
  await drive.space(3, 0);
  expect([await drive.write(block(10)), await drive.marks(1)]).toEqual(["7/30/0d", "7/30/0d"]);
});

it("the volume change reference is another when something was recorded since it was read, and only then", async () => {
  const { transport, drive } = await recorded();
  const reference = async (): Promise<number> => {
    const dataIn = new Uint8Array(64);
    await send(transport, [0x8c, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 64, 0, 0], { dataIn });
    return new DataView(dataIn.buffer).getUint32(9);
  };
  const first = await reference();
  expect(first).toBeGreaterThan(0);
  expect(await reference()).toBe(first);
  for (let at = 0; at < 2; at += 1) await drive.write(block(10));
  const second = await reference();
  expect(second).toBe(first + 1);
  await drive.unload();
  await drive.load();
  expect(await reference()).toBe(second);
  await drive.write(block(10));
  expect(await reference()).toBe(second + 1);
});

it("read position tells what is in the buffer, in the short and in the extended form", async () => {
  const { transport, drive } = await loaded(await memoryLibrary(description()));
  await drive.write(block(10));
  await drive.marks(1);
  await drive.write(block(20));
  await drive.marks(1, true);
  const read = async (form: number): Promise<number[]> => {
    const dataIn = new Uint8Array(32);
    const { transferredBytes } = await send(transport, [0x34, form, 0, 0, 0, 0, 0, 0, form === 8 ? 32 : 0, 0], { dataIn });
    return [...dataIn.subarray(0, transferredBytes)];
  };
  expect(await read(0)).toEqual([0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 20]);
  expect(await read(8)).toEqual([0, 0, 0, 0x1c, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 20]);
  await drive.marks(0);
  expect((await read(8)).slice(4)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
});
