import { describe, expect, it } from "vitest";
import { createMemoryLibrary, VirtualTime } from "../../../simulator/index.ts";
import { closeDoor, openDoor, setLabel } from "../../../simulator/changer/index.ts";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import type { Transport } from "../../../src/scsi/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { drive, mailSlot, memoryLibrary, move, send, slot, tape, u16, u24 } from "../initiator.ts";
import { cartridges, elements, handled, heard, takeApart } from "./library.ts";

describe("SEND VOLUME TAG and REQUEST VOLUME ELEMENT ADDRESS", () => {
  const ask = async (changer: Transport, template: string, { action = 5, type = 0, start = 0, minimum = 0 } = {}) => {
    const dataOut = new Uint8Array(40);
    dataOut.set(Buffer.from(template));
    dataOut[35] = minimum;
    return (await send(changer, [0xb6, type, ...u16(start), 0, action, 0, 0, ...u16(40), 0, 0], { dataOut })).sense;
  };
  const found = async (changer: Transport, { type = 0, start = 0, count = 0xffff, room = 4096 } = {}) => {
    const dataIn = new Uint8Array(room);
    const answer = await send(changer, [0xb5, 0x10 | type, ...u16(start), ...u16(count), 0, ...u24(room), 0, 0], { dataIn });
    const data = Buffer.from(dataIn.subarray(0, answer.transferredBytes));
    return { sense: answer.sense, action: data[4], ...takeApart(data) };
  };

  it("name the elements of the volumes that fit, with wildcards, each path for itself", async () => {
    const library = await memoryLibrary({ slots: 6, cartridges: [...cartridges, { barcode: "AB0001L8", capacityBytes: 1_000_000 }] });
    const changer = await heard(library);
    const other = await heard(library);
    expect((await found(changer)).sense).toBe("5/2c/00");
    await move(changer, slot(0), drive(1));
    expect(await ask(changer, "SR000*")).toBe("good");
    const all = await found(changer);
    expect([all.action, all.first, all.count]).toEqual([5, drive(1), 3]);
    expect(all.rows.map(({ address, tag, source }) => [address, tag.trim(), source])).toEqual([[slot(1), "SR0002L8", undefined], [slot(2), "SR0003LY", undefined], [drive(1), "SR0001L8", slot(0)]]);
    expect((await found(changer, { type: 2, count: 1 })).rows.map(({ address }) => address)).toEqual([slot(1)]);
    expect((await found(changer, { start: slot(2) })).rows.map(({ address }) => address)).toEqual([slot(2)]);
    expect((await found(other)).sense).toBe("5/2c/00");
    expect(await ask(other, "??0001L8", { type: 2 })).toBe("good");
    expect((await found(other)).rows.map(({ tag }) => tag.trim())).toEqual(["AB0001L8"]);
    expect((await found(changer)).count).toBe(3);
    expect(await ask(other, "NONE")).toBe("good");
    const none = await found(other);
    expect([none.sense, none.count, none.rows.length]).toEqual(["good", 0, 0]);
  });

  it("refuse to assign tags, broken lists and sequence numbers, and take long patterns in no time", async () => {
    const changer = await heard(await memoryLibrary({ cartridges }));
    for (const action of [2, 6, 8, 9, 0x0a, 0x0c]) expect(await ask(changer, "X", { action })).toBe("5/24/00");
    expect(await ask(changer, "X", { type: 5 })).toBe("5/24/00");
    expect(await ask(changer, "")).toBe("5/26/00");
    expect(await ask(changer, "\u0001")).toBe("5/26/00");
    expect(await ask(changer, "X", { action: 1, minimum: 1 })).toBe("5/26/00");
    expect((await send(changer, [0xb6, 0, 0, 0, 0, 5, 0, 0, 0, 39, 0, 0], { dataOut: new Uint8Array(39) })).sense).toBe("5/1a/00");
    expect(await ask(changer, "*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*Z")).toBe("good");
    expect((await found(changer)).count).toBe(0);
  });
});

describe("READ ELEMENT STATUS", () => {
  it("tells kinds of media, and identifiers of drives by vendor, product and serial number, in rows of their own length", async () => {
    const barcodes = ["SR0001L8", "SR0002LY", "CLN001CU", "ODD"];
    const library = await memoryLibrary({ drives: ["LTO-8", "LTO-9 half height"], cartridges: barcodes.map((barcode) => ({ barcode, capacityBytes: 1_000_000 })) });
    const changer = await heard(library);
    const { rows } = await elements(changer, 0, { ids: true });
    expect(rows.filter(({ type }) => type === 2).slice(0, 5).map(({ medium }) => medium)).toEqual([1, 4, 2, 0, 0]);
    expect(rows.filter(({ type }) => type === 4).map(({ identifier }) => identifier.split(/ +/))).toEqual([
      ["VIRTUAL", "ULTRIUM-TD8", library.driveSerials[0]], ["VIRTUAL", "ULTRIUM-HH9", library.driveSerials[1]],
    ]);
    expect(rows.filter(({ type }) => type !== 4).every(({ identifier }) => identifier === "")).toBe(true);
    expect((await elements(changer, 2, { current: true })).sense).toBe("good");
  });

  it("gives every prefix of the same report, whatever room there is", async () => {
    const changer = await heard(await memoryLibrary({ cartridges }));
    const read = async (room: number) => {
      const dataIn = new Uint8Array(room);
      const { transferredBytes } = await send(changer, [0xb8, 0x10, 0, 0, 0xff, 0xff, 1, ...u24(room), 0, 0], { dataIn });
      return Buffer.from(dataIn.subarray(0, transferredBytes));
    };
    const whole = await read(65_535);
    expect(whole.length).toBe(8 + whole.readUIntBE(5, 3));
    for (let room = 0; room <= whole.length; room += 7) expect(await read(room)).toEqual(whole.subarray(0, room));
  });
});

it("log pages list what there is, count what was done, and fit their own lengths", async () => {
  const { changer, hands, client } = await handled();
  const page = async (code: number) => {
    const dataIn = new Uint8Array(512);
    const { transferredBytes } = await send(changer, [0x4d, 0, 0x40 | code, 0, 0, 0, 0, 2, 0, 0], { dataIn });
    const data = Buffer.from(dataIn.subarray(0, transferredBytes));
    expect(data.length).toBe(4 + data.readUInt16BE(2));
    return data;
  };
  const parameters = (data: Buffer): Map<number, number> => {
    const values = new Map<number, number>();
    for (let at = 4; at < data.length; at += 4 + data[at + 3]!) values.set(data.readUInt16BE(at), data.readUIntBE(at + 4, data[at + 3]!));
    return values;
  };
  expect([...(await page(0x00)).subarray(4)]).toEqual([0x00, 0x0d, 0x14, 0x2e]);
  expect([...parameters(await page(0x0d)).keys()]).toEqual([0, 1]);
  await client.move({ kind: "slot", number: 1 }, { kind: "slot", number: 5 });
  await client.exchange({ kind: "slot", number: 5 }, { kind: "slot", number: 2 }, { kind: "slot", number: 6 });
  await hands((state) => closeDoor(openDoor(setLabel(state, "SR0003LY", null))));
  await tape(changer).ready();
  await client.audit();
  await client.mailSlots("open");
  await client.mailSlots("close");
  await tape(changer).ready();
  // Moves, picks, places; tags read and not readable; both doors; inventories.
  const counted = parameters(await page(0x14));
  expect([0, 1, 3, 5, 6, 7, 8, 9, 10].map((code) => counted.get(code))).toEqual([3, 3, 3, 4, 2, 1, 1, 2, 0]);
  expect(parameters(await page(0x2e)).size).toBe(32);
});

it("page 1F claims what movements and exchanges there are", async () => {
  const capabilities = async (changer: Transport) => {
    const dataIn = new Uint8Array(64);
    await send(changer, [0x1a, 8, 0x1f, 0, 64, 0], { dataIn });
    return [...dataIn.subarray(4, 24)];
  };
  expect(await capabilities(await heard(await memoryLibrary({})))).toEqual([0x1f, 0x12, 14, 0, 14, 14, 14, 14, 0, 0, 0, 0, 0, 14, 14, 14, 0, 0, 0, 0]);
  expect(await capabilities(await heard(await memoryLibrary({ quirks: ["no-exchange"] })))).toEqual([0x1f, 0x12, 14, 0, 14, 14, 14, 14, ...new Array<number>(12).fill(0)]);
});

it("movements, positioning and inventories take their time on the machine's clock, and the opcodes say so", async () => {
  const time = new VirtualTime();
  const library = await createMemoryLibrary({ slots: 400, cartridges }, systemRandom, { timing: { time } });
  const changer = await heard(library);
  const took = async (work: Promise<unknown>): Promise<number> => {
    const before = time.machineMs();
    await work;
    return (time.machineMs() - before) / 1000;
  };
  expect(await took(move(changer, slot(0), slot(9)))).toBe(12);
  expect(await took(send(changer, [0x2b, 0, 0, 0, ...u16(slot(0)), 0, 0, 0, 0]))).toBe(6);
  expect(await took(send(changer, [0x07, 0, 0, 0, 0, 0]))).toBe(405);
  expect(await took(send(changer, [0x37, 1, ...u16(mailSlot(1)), 0, 0, ...u16(13), 0, 0]))).toBe(13);
  expect(await took(send(changer, [0xe7, 1, ...u16(drive(0)), 0, 0, 0, 0, 0, 0]))).toBe(402);
  const dataIn = new Uint8Array(64);
  await send(changer, [0xa3, 0x0c, 0x81, 0x07, 0, 0, 0, 0, 0, 64, 0, 0], { dataIn });
  expect(Buffer.from(dataIn).readUInt32BE(4 + 6 + 8)).toBeGreaterThan(405);
  expect((await send(changer, [0x2b, 0, 0, 0, ...u16(slot(0)), 0, 0, 1, 0, 0])).sense).toBe("5/24/00");
  // Switched on anew it looks into all slots, and our client waits for that.
  const client = openMediaChanger(await library.transport(0), time);
  await client.ready(0);
  await library.dropPower(0);
  expect((await client.condition()).code).toBe("NOT_READY");
  expect(await took(client.inventory())).toBeGreaterThanOrEqual(399);
  await library.close();
});

it("two libraries of different shapes in one process keep to themselves", async () => {
  const [one, other] = [await memoryLibrary({ cartridges, layout: "hpe", pickers: 2 }), await memoryLibrary({ cartridges, layout: "oracle", slots: 3, quirks: ["lower-case"] })];
  const clients = await Promise.all([one, other].map(async (library) => openMediaChanger(await library.transport(0), { monotonicMs: () => 0, nowMs: () => 0, sleep: () => Promise.resolve() })));
  await clients[0]!.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  const full = async (at: number) => (await clients[at]!.inventory()).elements.filter((element) => element.full).map(({ address, barcode }) => [address, barcode]);
  expect(await full(0)).toEqual([[0x1e0, "SR0001L8"], [0x21, "SR0002L8"], [0x22, "SR0003LY"]]);
  expect(await full(1)).toEqual([[2000, "sr0001l8"], [2001, "sr0002l8"], [2002, "sr0003ly"]]);
});
