import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createMemoryLibrary, type LibraryDescription, openLibrary } from "../../../simulator/index.ts";
import { type LayoutName, layouts } from "../../../simulator/home/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { memoryLibrary, move, send } from "../initiator.ts";
import { cartridges, clientOf, elements, handled, heard } from "./library.ts";

async function page(changer: Parameters<typeof send>[0], code: number): Promise<Buffer> {
  const dataIn = new Uint8Array(255);
  const { transferredBytes } = await send(changer, [0x1a, 8, code, 0, 255, 0], { dataIn });
  return Buffer.from(dataIn.subarray(4, transferredBytes));
}

describe("layouts", () => {
  it.each(Object.keys(layouts) as LayoutName[])("%s: mode page 1D, element status and movements go by its addresses, and our client numbers them", async (layout) => {
    const first = layouts[layout].firstAddresses;
    const library = await memoryLibrary({ layout, slots: 5, mailSlots: 1, drives: 2, cartridges });
    const changer = await heard(library);
    const ranges = await page(changer, 0x1d);
    expect([2, 6, 10, 14].map((at) => [ranges.readUInt16BE(at), ranges.readUInt16BE(at + 2)])).toEqual([[first.transport, 1], [first.slot, 5], [first.mailSlot, 1], [first.drive, 2]]);
    const { rows, count, first: lowest } = await elements(changer, 0);
    expect(count).toBe(9);
    expect(lowest).toBe(Math.min(...Object.values(first)));
    expect(rows.filter(({ type }) => type === 2).map(({ address }) => address)).toEqual([0, 1, 2, 3, 4].map((number) => first.slot + number));
    expect(await move(changer, first.slot, first.slot + 3)).toBe("good");
    const client = await clientOf(library);
    await client.move({ kind: "slot", number: 4 }, { kind: "drive", number: 1 });
    const drive = (await client.inventory()).elements.find(({ kind, number }) => kind === "drive" && number === 1);
    expect(drive).toMatchObject({ barcode: "SR0001L8", address: first.drive + 1, source: { kind: "slot", number: 4 } });
  });

  it.each<[string, LibraryDescription, RegExp]>([
    ["slots that reach into drives", { layout: { transport: 1, mailSlot: 2, slot: 10, drive: 15 } }, /slots have addresses up to 19, and drives begin at 15/],
    ["addresses beyond 16 bits", { layout: { transport: 1, mailSlot: 10, drive: 100, slot: 65_530 } }, /slots would have addresses from 65530 to 65539/],
    ["a broken address", { layout: { transport: 1.5, mailSlot: 10, drive: 100, slot: 1000 } }, /pickers would have addresses/],
    ["two mail slots where the layout has room for one", { layout: "overland" }, /mail slots have addresses up to 1, and pickers begin at 1/],
    ["an unknown layout", { layout: "acme" as LayoutName }, /"acme" is no layout: default, /],
    ["an unknown quirk", { quirks: ["odd" as "one-type"] }, /"odd" is no quirk: /],
    ["nine pickers", { pickers: 9 }, /pickers: 9 is not between 1 and 8/],
    ["a magazine larger than the library", { slotsPerMagazine: 11 }, /slots of a magazine: 11/],
    ["nothing but reserved slots", { reservedSlots: 10 }, /reserved slots: 10 is not between 0 and 9/],
    ["too many slots", { slots: 50_001 }, /slots: 50001/],
  ])("%s are refused", async (_, description, message) => {
    await expect(createMemoryLibrary(description, systemRandom)).rejects.toMatchObject({ code: "LIBRARY_DESCRIPTION", message: expect.stringMatching(message) as string });
  });
});

describe("pickers", () => {
  it("each has a descriptor in page 1E, and moves when it is named, or the first when none is", async () => {
    const { changer, hands, state } = await handled({ pickers: 3 });
    expect([...(await page(changer, 0x1e))]).toEqual([0x1e, 6, 0, 0, 0, 1, 0, 2]);
    const at = (name: "transport" | "slot", number: number) => state().shape.firstAddresses[name] + number;
    const command = async (picker: number, from: number, to: number) => {
      const bytes = (value: number) => [value >> 8, value & 0xff];
      return (await send(changer, [0xa5, 0, ...bytes(picker), ...bytes(from), ...bytes(to), 0, 0, 0, 0])).sense;
    };
    expect(await command(at("transport", 2), at("slot", 0), at("slot", 4))).toBe("good");
    expect(await command(at("transport", 3), at("slot", 4), at("slot", 0))).toBe("5/21/01");
    expect(await command(at("slot", 1), at("slot", 4), at("slot", 0))).toBe("5/21/01");
    await hands((before) => ({ ...before, pickers: before.pickers.with(0, { cartridge: null, gripper: "stuck" }) }));
    expect(await command(at("transport", 0), at("slot", 4), at("slot", 0))).toBe("2/04/03");
    expect(await command(0, at("slot", 4), at("slot", 0))).toBe("good");
    expect((await send(changer, [0, 0, 0, 0, 0, 0])).sense).toBe("good");
    expect(await command(0, at("slot", 0), at("transport", 1))).toBe("5/21/01");
  });
});

it("reserved slots are seen by nobody, and no cartridge is put there", async () => {
  const library = await memoryLibrary({ slots: 4, reservedSlots: 2, cartridges });
  const changer = await heard(library);
  expect((await page(changer, 0x1d)).readUInt16BE(8)).toBe(2);
  expect((await elements(changer, 2)).rows.map(({ address }) => address)).toEqual([0x1000, 0x1001]);
  expect(await move(changer, 0x1000, 0x1002)).toBe("5/21/01");
  expect((await library.hands.list()).find(({ barcode }) => barcode === "SR0003LY")?.place).toEqual({ where: "shelf" });
});

describe("library.json", () => {
  const edited = (folder: string, edit: (state: Record<string, unknown>) => Record<string, unknown>): void => {
    const path = join(folder, "library.json");
    writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>)));
  };

  it("of the second format opens with one picker and the usual addresses", async () => {
    const { folder, library } = await handled();
    await library.close();
    edited(folder, ({ pickers: _pickers, shape: _shape, changer: _changer, ...rest }) => ({ ...rest, format: "virtual tape library 2" }));
    const again = await openLibrary(folder, systemRandom);
    const changer = await heard(again);
    expect(await move(changer, 0x1000, 0x1005)).toBe("good");
    expect(JSON.parse(readFileSync(join(folder, "library.json"), "utf8"))).toMatchObject({ format: "virtual tape library 3", pickers: [{ cartridge: null, gripper: "well" }] });
    await again.close();
  });

  it.each<[string, (state: Record<string, Record<string, unknown>>) => unknown]>([
    ["elements that overlap", (state) => ({ shape: { ...state["shape"], firstAddresses: { transport: 1, mailSlot: 1, drive: 1, slot: 1 } } })],
    ["addresses that are none", (state) => ({ shape: { ...state["shape"], firstAddresses: { transport: "1" } } })],
    ["an unknown quirk", (state) => ({ shape: { ...state["shape"], quirks: ["constructor"] } })],
    ["a magazine that there is not", (state) => ({ changer: { ...state["changer"], magazinesOut: [3] } })],
    ["a belief in no address", (state) => ({ changer: { ...state["changer"], beliefs: { slot: null } } })],
    ["an endless label", (state) => ({ changer: { ...state["changer"], labels: { SR0001L8: "x".repeat(1000) } } })],
    ["news of no code", (state) => ({ changer: { ...state["changer"], news: { "28": 1 } } })],
    ["a counter that is none", (state) => ({ changer: { ...state["changer"], counters: { moves: -1 } } })],
    ["no picker", () => ({ pickers: [] })],
    ["a gripper that is neither", () => ({ pickers: [{ cartridge: null, gripper: "lost" }] })],
    ["more reserved slots than slots", (state) => ({ shape: { ...state["shape"], reservedSlots: 6 } })],
  ])("with %s is refused as damaged", async (_, part) => {
    const { folder, library } = await handled();
    await library.close();
    edited(folder, (state) => ({ ...state, ...(part(state as Record<string, Record<string, unknown>>) as object) }));
    await expect(openLibrary(folder, systemRandom)).rejects.toMatchObject({ code: "LIBRARY_DAMAGED" });
  });
});
