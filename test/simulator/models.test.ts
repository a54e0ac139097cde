import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openLibrary } from "../../simulator/index.ts";
import { accessTo, driveModels, meaningOfLabel, mediaModels } from "../../simulator/models/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { drive as driveAt, folderLibrary, loaded, memoryLibrary, move, send, slot, temporaryFolder } from "./initiator.ts";

const small = 1024 * 1024;
const block = Buffer.alloc(1000, 7);

async function densities(transport: Parameters<typeof send>[0], flags: number): Promise<Buffer[]> {
  const dataIn = new Uint8Array(2048);
  await send(transport, [0x44, flags, 0, 0, 0, 0, 0, 8, 0, 0], { dataIn });
  const length = Buffer.from(dataIn).readUInt16BE(0) - 2;
  const width = (flags & 2) === 0 ? 52 : 56;
  expect(length % width).toBe(0);
  return Array.from({ length: length / width }, (_, at) => Buffer.from(dataIn.subarray(4 + at * width, 4 + (at + 1) * width)));
}

/** The flags of page 2E, and those of page 12 as its 64 bits. */
async function alerts(transport: Parameters<typeof send>[0]): Promise<readonly [number[], string]> {
  const [flags, response] = [new Uint8Array(512), new Uint8Array(64)];
  await send(transport, [0x4d, 0, 0x6e, 0, 0, 0, 0, 2, 0, 0], { dataIn: flags });
  await send(transport, [0x4d, 0, 0x52, 0, 0, 0, 0, 0, 64, 0], { dataIn: response });
  const numbers = Array.from({ length: 64 }, (_, at) => at + 1).filter((flag) => flags[4 + (flag - 1) * 5 + 4] === 1);
  return [numbers, Buffer.from(response.subarray(8, 16)).toString("hex")];
}

describe("models of drives", () => {
  it.each(driveModels.map(({ name }) => [name] as const))("%s tells its product, its cartridge's density, and the densities that it takes", async (name) => {
    const model = driveModels.find((one) => one.name === name)!;
    const own = model.ownMedia;
    const { transport, drive } = await loaded(await memoryLibrary({ model: name, cartridges: [{ barcode: `SR0001${own.suffix}`, capacityBytes: small }] }));
    const dataIn = new Uint8Array(96);
    await send(transport, [0x12, 0, 0, 0, 96, 0], { dataIn });
    expect(Buffer.from(dataIn.subarray(8, 32)).toString().replaceAll(/ +/g, " ").trim()).toBe(`VIRTUAL ${model.product}`);
    const mode = new Uint8Array(12);
    await send(transport, [0x1a, 0, 0, 0, 12, 0], { dataIn: mode });
    expect([mode[1], mode[2]! & 0x80, mode[4]]).toEqual([own.mediumType, 0, own.densityCode]);
    const all = await densities(transport, 0);
    expect(all.map((one) => one[0])).toEqual([...model.writes, ...model.readsOnly].map((one) => one.densityCode).sort((a, b) => a - b));
    expect(all.filter((one) => (one[2]! & 0x20) !== 0).map((one) => one[0])).toEqual([own.densityCode]);
    expect(all.map((one) => (one[2]! & 0x80) !== 0)).toEqual(all.map((one) => model.writes.some(({ densityCode }) => densityCode === one[0])));
    const types = await densities(transport, 2);
    expect(types.map((one) => one[0])).toContain(own.mediumType);
    expect((await densities(transport, 3)).map((one) => one[0])).toEqual([own.mediumType]);
    expect((await densities(transport, 1)).map((one) => one.readUInt32BE(12))).toEqual([1]);
    expect(await drive.write(block)).toBe("good");
  });

  it.each([["LTO-5", 16_380, 600], ["LTO-9 half height", 166_370, 600]] as const)("%s tells how long its commands may take", async (model, erase, rewind) => {
    const transport = await (await memoryLibrary({ model, cartridges: [] })).transport(1);
    await send(transport, [0, 0, 0, 0, 0, 0]);
    for (const [opcode, seconds] of [[0x19, erase], [0x01, rewind]] as const) {
      const dataIn = new Uint8Array(64);
      await send(transport, [0xa3, 0x0c, 0x81, opcode, 0, 0, 0, 0, 0, 64, 0, 0], { dataIn });
      const data = Buffer.from(dataIn);
      // One command, with its timeouts: behind its usage, 12 bytes of which the last four are the recommended one.
      expect(data.readUInt32BE(4 + data.readUInt16BE(2) + 8)).toBe(seconds);
    }
  });

  it("reads the serial number of the medium, as its chip has it", async () => {
    const { transport } = await loaded(await memoryLibrary());
    const [serial, chip] = [new Uint8Array(64), new Uint8Array(64)];
    await send(transport, [0xab, 0x01, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0], { dataIn: serial });
    await send(transport, [0x8c, 0, 0, 0, 0, 0, 0, 0, 0x04, 0x01, 0, 0, 0, 64, 0, 0], { dataIn: chip });
    const text = Buffer.from(serial).subarray(4, 4 + Buffer.from(serial).readUInt32BE(0)).toString().trim();
    expect(text).toMatch(/^[0-9A-F]{10}$/);
    expect(Buffer.from(chip).subarray(9, 41).toString().trim()).toBe(text);
  });

  it("takes cartridges as each generation does", () => {
    const taken = (name: string): string =>
      mediaModels.map((media) => accessTo(driveModels.find((one) => one.name === name)!, media.name)[0]).join("");
    // LTO-5, 6, 7, M8, 8, 9, 10, 10P: w writes, r reads or refuses, which is told apart below.
    expect(driveModels.filter(({ height }) => height === "full").map(({ name }) => taken(name))).toEqual([
      "wrrrrrrr", "wwrrrrrr", "rwwrrrrr", "rrwwwrrr", "rrrrwwrr", "rrrrrrww",
    ]);
    expect(accessTo(driveModels.find(({ name }) => name === "LTO-7")!, "LTO-5")).toBe("reads");
    expect(accessTo(driveModels.find(({ name }) => name === "LTO-9")!, "LTO-7")).toBe("refuses");
  });

  it("does not record the generation before the last, and says so in its mode data", async () => {
    const { transport, drive } = await loaded(await memoryLibrary({ model: "LTO-7", cartridges: [{ barcode: "SR0001L5", capacityBytes: small }] }));
    expect(await drive.write(block)).toBe("7/30/05");
    const mode = new Uint8Array(12);
    await send(transport, [0x1a, 0, 0, 0, 12, 0], { dataIn: mode });
    expect([mode[1], mode[2]! & 0x80, mode[4]]).toEqual([0x58, 0x80, 0x58]);
  });

  it("lets a cartridge that it cannot read lie unread until it is unloaded", async () => {
    const { transport } = await loaded(await memoryLibrary({ model: "LTO-9", cartridges: [{ barcode: "SR0001L6", capacityBytes: small }] }));
    expect((await send(transport, [0, 0, 0, 0, 0, 0])).sense).toBe("2/30/00");
    expect((await send(transport, [0x08, 0, 0, 1, 0, 0], { dataIn: new Uint8Array(256) })).sense).toBe("2/30/00");
    expect(await alerts(transport)).toEqual([[12], "0010000000000000"]);
    expect((await send(transport, [0x1b, 0, 0, 0, 0, 0])).sense).toBe("good");
    expect(await alerts(transport)).toEqual([[], "0000000000000000"]);
    expect((await send(transport, [0, 0, 0, 0, 0, 0])).sense).toBe("2/3a/00");
  });

  it("mixes models in one library", async () => {
    const library = await memoryLibrary({ drives: ["LTO-6", "LTO-10 half height"], cartridges: [] });
    const products = [];
    for (const lun of [1, 2]) {
      const dataIn = new Uint8Array(36);
      await send(await library.transport(lun), [0x12, 0, 0, 0, 36, 0], { dataIn });
      products.push(Buffer.from(dataIn.subarray(16, 32)).toString().trim());
    }
    expect(products).toEqual(["ULTRIUM-TD6", "ULTRIUM-HHA"]);
  });
});

describe("cartridges", () => {
  it.each([
    ["ABC123L5", "data", "LTO-5"], ["ABC123M8", "data", "LTO-7 M8"], ["ABC123LA", "data", "LTO-10"], ["ABC123PA", "data", "LTO-10 P"],
    ["ABC123LV", "worm", "LTO-5"], ["ABC123LZ", "worm", "LTO-9"], ["CLN001CU", "cleaning", undefined], ["CLNU01L5", "cleaning", undefined],
  ] as const)("are what their label says: %s", (barcode, kind, generation) => {
    const meaning = meaningOfLabel(barcode);
    expect([meaning?.kind, meaning?.media?.name]).toEqual([kind, generation]);
  });

  it("hold what their generation holds where nobody says less", async () => {
    const library = await memoryLibrary({ model: "LTO-9", cartridges: [{ barcode: "A00001L9" }, { barcode: "A00002LZ" }, { barcode: "PLAIN" }] });
    const listed = await library.hands.list();
    expect(listed.map(({ kind, generation, capacityBytes }) => [kind, generation, capacityBytes])).toEqual([
      ["data", "LTO-9", 18e12], ["worm", "LTO-9", 18e12], ["data", "LTO-9", 18e12],
    ]);
  });

  it("remember loads, drives and data in their chips, whichever drive and process had them", async () => {
    const folder = join(temporaryFolder(), "vtl");
    await (await folderLibrary(folder)).close();
    const serials = [];
    for (const written of [3, 2]) {
      const library = await openLibrary(folder, systemRandom);
      try {
        const { transport, changer, drive } = await loaded(library);
        for (let at = 0; at < written; at += 1) expect(await drive.write(Buffer.alloc(1024 * 1024, at))).toBe("good");
        serials.push(library.driveSerials[0]);
        const read = async (id: number): Promise<Buffer> => {
          const dataIn = new Uint8Array(64);
          await send(transport, [0x8c, 0, 0, 0, 0, 0, 0, 0, id >> 8, id & 0xff, 0, 0, 0, 64, 0, 0], { dataIn });
          return Buffer.from(dataIn.subarray(9, 9 + Buffer.from(dataIn).readUInt16BE(7)));
        };
        expect([await read(0x0003), await read(0x0220), await read(0x0222)].map((value) => Number(value.readBigUInt64BE()))).toEqual(
          written === 3 ? [1, 3, 3] : [2, 5, 2],
        );
        expect((await read(0x020a)).toString().trim()).toBe(`VIRTUAL ${serials.at(-1)!}`);
        if (written === 2) expect((await read(0x020b)).toString().trim()).toBe(`VIRTUAL ${serials[0]!}`);
        await send(transport, [0x1b, 0, 0, 0, 0, 0]);
        expect(await move(changer, driveAt(0), slot(0))).toBe("good");
      } finally {
        await library.close();
      }
    }
  });

  it("are refused where there is no such thing", async () => {
    await expect(memoryLibrary({ model: "LTO-4" })).rejects.toMatchObject({ code: "LIBRARY_DESCRIPTION" });
    await expect(memoryLibrary({ cartridges: [{ barcode: "A", generation: "LTO-1" }] })).rejects.toMatchObject({ code: "LIBRARY_DESCRIPTION" });
    await expect(memoryLibrary({ cartridges: [{ barcode: "A00001M8", kind: "worm" }] })).rejects.toMatchObject({ code: "LIBRARY_DESCRIPTION" });
  });
});

describe("a folder of the first format", () => {
  it("is read as the library of LTO-8 drives that it was", async () => {
    const folder = join(temporaryFolder(), "vtl");
    await (await folderLibrary(folder, { drives: 1, cartridges: [{ barcode: "SR0001L9", generation: "LTO-8", capacityBytes: small }] })).close();
    const edit = (name: string, change: (value: Record<string, unknown>) => unknown): void => {
      writeFileSync(join(folder, name), JSON.stringify(change(JSON.parse(readFileSync(join(folder, name), "utf8")) as Record<string, unknown>)));
    };
    const stateOf = (state: Record<string, unknown>): unknown => ({
      ...state, format: "virtual tape library 1", drives: (state["drives"] as { serial: string }[]).map(({ serial }) => ({ serial, cartridge: null, insertions: 0 })),
    });
    edit("library.json", stateOf);
    edit("cartridges/SR0001L9/cartridge.json", ({ generation: _, ...facts }) => facts);
    const library = await openLibrary(folder, systemRandom);
    try {
      const { drive } = await loaded(library);
      expect(await drive.write(block)).toBe("good");
      expect((await library.hands.list())[0]).toMatchObject({ generation: "LTO-8", kind: "data" });
    } finally {
      await library.close();
    }
  });
});
