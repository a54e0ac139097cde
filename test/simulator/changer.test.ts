import { describe, expect, it } from "vitest";
import type { LibraryDescription } from "../../simulator/index.ts";
import type { Transport } from "../../src/scsi/index.ts";
import { drive, loaded, mailSlot, memoryLibrary, move, send, slot, tape, u16, u24 } from "./initiator.ts";

const three: LibraryDescription = {
  slots: 4,
  cartridges: ["A1", "A2", "A3"].map((barcode) => ({ barcode, capacityBytes: 1_000_000 })),
};

async function opened(description = three) {
  const library = await memoryLibrary(description);
  const changer = await library.transport(0);
  await send(changer, [0, 0, 0, 0, 0, 0]);
  return { library, changer };
}

async function status(
  changer: Transport,
  type: number,
  options: { tags?: boolean; ids?: boolean; room?: number; start?: number; count?: number } = {},
) {
  const room = options.room ?? 4096;
  const dataIn = new Uint8Array(room);
  const flags = type | (options.tags === true ? 0x10 : 0);
  const cdb = [
    0xb8,
    flags,
    ...u16(options.start ?? 0),
    ...u16(options.count ?? 0xffff),
    options.ids === true ? 1 : 0,
    ...u24(room),
    0,
    0,
  ];
  const answer = await send(changer, cdb, { dataIn });
  return { ...answer, data: dataIn.subarray(0, answer.transferredBytes) };
}

describe("moving", () => {
  it("move-source-empty-3B-0E, move-destination-full-3B-0D, move-unknown-element-21-01", async () => {
    const { changer } = await opened();
    expect(await move(changer, slot(3), drive(0))).toBe("5/3b/0e");
    expect(await move(changer, slot(0), slot(1))).toBe("5/3b/0d");
    expect(await move(changer, slot(0), slot(4))).toBe("5/21/01");
    expect(await move(changer, 0x999, slot(3))).toBe("5/21/01");
  });

  it("move-out-of-a-drive-that-holds-on-53-03, good after its unload", async () => {
    const { changer, drive: commands } = await loaded(await memoryLibrary(three));
    expect(await move(changer, drive(0), slot(0))).toBe("5/53/03");
    await commands.unload();
    expect(await move(changer, drive(0), slot(0))).toBe("good");
  });

  it("exchange-puts-the-old-one-where-the-new-one-came-from", async () => {
    const { changer, drive: commands } = await loaded(await memoryLibrary(three));
    const exchange = () => send(changer, [0xa6, 0, 0, 0, ...u16(slot(1)), ...u16(drive(0)), ...u16(slot(1)), 0, 0]);
    expect((await exchange()).sense).toBe("5/53/03");
    await commands.unload();
    expect((await exchange()).sense).toBe("good");
    expect(await commands.ready()).toBe("6/28/00");
    const { data } = await status(changer, 2, { tags: true });
    expect(Buffer.from(data).toString("latin1")).toContain("A1");
    expect(Buffer.from(data).toString("latin1")).not.toContain("A2");
  });

  it("prevented-mail-slots-53-02, for hands too, until they are allowed", async () => {
    const { library, changer } = await opened();
    await send(changer, [0x1e, 0, 0, 0, 1, 0]);
    expect(await move(changer, slot(0), mailSlot(0))).toBe("5/53/02");
    await library.hands.addCartridge({ barcode: "NEW", capacityBytes: 1_000_000 });
    await expect(library.hands.insert("NEW")).rejects.toMatchObject({ code: "MAIL_SLOTS_LOCKED" });
    await send(changer, [0x1e, 0, 0, 0, 0, 0]);
    expect(await move(changer, slot(0), mailSlot(0))).toBe("good");
  });

  it("attention-28-01-after-a-hand-at-a-mail-slot, for each initiator", async () => {
    const { library, changer } = await opened();
    const other = await library.transport(0);
    await send(other, [0, 0, 0, 0, 0, 0]);
    await library.hands.addCartridge({ barcode: "NEW", capacityBytes: 1_000_000 });
    expect(await library.hands.insert("NEW")).toBe(0);
    for (const transport of [changer, other]) {
      expect((await send(transport, [0, 0, 0, 0, 0, 0])).sense).toBe("6/28/01");
      expect((await send(transport, [0, 0, 0, 0, 0, 0])).sense).toBe("good");
    }
    expect(await move(changer, mailSlot(0), slot(3))).toBe("good");
    await expect(library.hands.take("NEW")).rejects.toMatchObject({ code: "CARTRIDGE_ELSEWHERE" });
    await move(changer, slot(3), mailSlot(1));
    await library.hands.take("NEW");
    expect((await library.hands.list()).find((one) => one.barcode === "NEW")?.place).toEqual({ where: "shelf" });
  });
});

describe("element status", () => {
  it("counts-and-lengths-of-all-types", async () => {
    const { changer } = await opened();
    const { data } = await status(changer, 0);
    const view = new DataView(data.buffer);
    // 1 gripper, 2 mail slots, 2 drives, 4 slots: 9 descriptors of 16 bytes in 4 pages.
    expect([view.getUint16(0), view.getUint16(2), view.getUint32(4), data.length]).toEqual([
      1,
      9,
      9 * 16 + 4 * 8,
      8 + 9 * 16 + 4 * 8,
    ]);
  });

  it("truncated-answers-keep-the-true-counts", async () => {
    const { changer } = await opened();
    const whole = await status(changer, 2, { tags: true });
    const cut = await status(changer, 2, { tags: true, room: 30 });
    expect(cut.sense).toBe("good");
    expect([...cut.data]).toEqual([...whole.data.subarray(0, 30)]);
  });

  it("start-and-number-of-elements-choose", async () => {
    const { changer } = await opened();
    const { data } = await status(changer, 2, { start: slot(1), count: 2 });
    const view = new DataView(data.buffer);
    expect([view.getUint16(0), view.getUint16(2), view.getUint16(16), view.getUint16(32)]).toEqual([
      slot(1),
      2,
      slot(1),
      slot(2),
    ]);
  });

  it("volume-tag-padded-with-blanks, source address after a move, access of a drive that holds on", async () => {
    const { changer } = await loaded(await memoryLibrary(three));
    const { data } = await status(changer, 4, { tags: true });
    const descriptor = data.subarray(16, 16 + 52);
    expect(descriptor[2]).toBe(0x01);
    expect([descriptor[9], (descriptor[10]! << 8) | descriptor[11]!]).toEqual([0x80, slot(0)]);
    expect(Buffer.from(descriptor.subarray(12, 44)).toString("latin1")).toBe("A1".padEnd(32));
  });

  it("identifiers-carry-the-serial-numbers-of-drives", async () => {
    const { library, changer } = await opened();
    const { data } = await status(changer, 4, { ids: true });
    const text = Buffer.from(data).toString("latin1");
    for (const serial of library.driveSerials) expect(text).toContain(serial);
  });
});

it("mode page 1D says how many elements there are and where", async () => {
  const { changer } = await opened();
  const dataIn = new Uint8Array(64);
  expect((await send(changer, [0x1a, 8, 0x1d, 0, 64, 0], { dataIn })).transferredBytes).toBe(24);
  const view = new DataView(dataIn.buffer);
  const ranges = [6, 10, 14, 18].map((at) => [view.getUint16(at), view.getUint16(at + 2)]);
  expect(ranges).toEqual([
    [1, 1],
    [slot(0), 4],
    [mailSlot(0), 2],
    [drive(0), 2],
  ]);
});

it("initialize-element-status with and without range, position-to-element and open-close are taken", async () => {
  const { changer } = await opened();
  expect((await send(changer, [0x07, 0, 0, 0, 0, 0])).sense).toBe("good");
  expect((await send(changer, [0xe7, 0, 0, 0, 0, 0, 0, 1, 0, 0])).sense).toBe("good");
  expect((await send(changer, [0x2b, 0, 0, 0, ...u16(slot(0)), 0, 0, 0, 0])).sense).toBe("good");
  expect((await send(changer, [0x2b, 0, 0, 0, 0x99, 0x99, 0, 0, 0, 0])).sense).toBe("5/21/01");
  expect((await send(changer, [0x1b, 0, ...u16(mailSlot(0)), 1, 0])).sense).toBe("good");
  expect(await tape(changer).ready()).toBe("good");
});
