import { describe, expect, it } from "vitest";
import {
  closeDoor, closeMailDoor, freeGripper, insertMagazine, jamGripper, leaveInPicker, moveByHand, openDoor, openMailDoor, removeMagazine, setLabel,
} from "../../../simulator/changer/index.ts";
import type { Element, MediaChanger } from "../../../src/devices/changer/index.ts";
import { drive, mailSlot, move, send, slot, tape } from "../initiator.ts";
import { elements, handled, heard } from "./library.ts";

const [access, except, byHand, full] = [0x08, 0x04, 0x02, 0x01];

async function element(client: MediaChanger, kind: Element["kind"], number: number): Promise<Element | undefined> {
  return (await client.inventory()).elements.find((one) => one.kind === kind && one.number === number);
}

/** Where our client sees cartridges. */
async function cartridgesSeen(client: MediaChanger): Promise<readonly (readonly [string, number, string | undefined])[]> {
  return (await client.inventory()).elements.filter((one) => one.full).map(({ kind, number, barcode }) => [kind, number, barcode]);
}

async function slotsSeen(client: MediaChanger): Promise<readonly (readonly [number, string | undefined])[]> {
  return (await cartridgesSeen(client)).filter(([kind]) => kind === "slot").map(([, number, barcode]) => [number, barcode]);
}

async function alerts(changer: Parameters<typeof send>[0]): Promise<number[]> {
  const dataIn = new Uint8Array(512);
  await send(changer, [0x4d, 0, 0x6e, 0, 0, 0, 0, 2, 0, 0], { dataIn });
  return Array.from({ length: 32 }, (_, at) => at + 1).filter((flag) => dataIn[4 + (flag - 1) * 5 + 4] === 1);
}

describe("the door", () => {
  it("stops all movements while open (2/04/03), and is told with 6/28/00 once shut, to every path and process", async () => {
    const { library, changer, hands, client } = await handled();
    const other = await heard(library);
    await hands(openDoor);
    expect(await tape(changer).ready()).toBe("2/04/03");
    expect(await move(changer, slot(0), slot(4))).toBe("2/04/03");
    expect((await send(changer, [0x07, 0, 0, 0, 0, 0])).sense).toBe("2/04/03");
    expect(await alerts(changer)).toEqual([16, 21]);
    expect((await elements(changer, 2)).rows.every(({ flags }) => (flags & access) === 0)).toBe(true);
    expect(await client.condition()).toMatchObject({ ready: false, code: "DOOR_OPEN" });
    await expect(client.move({ kind: "slot", number: 1 }, { kind: "slot", number: 5 })).rejects.toMatchObject({ code: "DOOR_OPEN" });
    await hands(closeDoor);
    for (const path of [changer, other]) {
      expect(await tape(path).ready()).toBe("6/28/00");
      expect(await tape(path).ready()).toBe("good");
    }
    expect(await move(changer, slot(0), slot(4))).toBe("good");
    await client.move({ kind: "slot", number: 5 }, { kind: "slot", number: 1 });
    expect(await alerts(changer)).toEqual([]);
  });

  it("lets hands move what is inside; the changer sees it when the door is shut", async () => {
    const { library, hands, client, changer } = await handled();
    await expect(hands((state) => moveByHand(state, "SR0001L8", { slot: 5 }))).rejects.toMatchObject({ code: "DOOR_SHUT" });
    await hands(openDoor);
    await hands((state) => moveByHand(state, "SR0001L8", { slot: 5 }));
    await hands((state) => moveByHand(state, "SR0002L8", "shelf"));
    await expect(hands((state) => moveByHand(state, "SR0003LY", { slot: 5 }))).rejects.toMatchObject({ code: "SLOT_FULL" });
    await expect(hands((state) => moveByHand(state, "SR0003LY", { slot: 6 }))).rejects.toMatchObject({ code: "SLOT_MISSING" });
    expect((await elements(changer, 2)).rows.map(({ flags }) => flags & full)).toEqual([1, 1, 1, 0, 0, 0]);
    expect(await alerts(changer)).toContain(24);
    await hands(closeDoor);
    const { elements: seen } = await client.inventory();
    expect(seen.filter((one) => one.full).map(({ number, barcode }) => [number, barcode])).toEqual([[3, "SR0003LY"], [6, "SR0001L8"]]);
    expect((await library.hands.list()).find(({ barcode }) => barcode === "SR0002L8")?.place).toEqual({ where: "shelf" });
  });

  it("where the changer looks when asked alone, it errs until INITIALIZE ELEMENT STATUS, and learns from what it meets", async () => {
    const { hands, client, changer } = await handled({ quirks: ["scans-when-asked"] });
    await hands(openDoor);
    await hands((state) => moveByHand(moveByHand(state, "SR0001L8", "shelf"), "SR0002L8", { slot: 4 }));
    await hands((state) => moveByHand(state, "SR0003LY", { slot: 1 }));
    await hands(closeDoor);
    expect(await tape(changer).ready()).toBe("6/28/00");
    expect(await slotsSeen(client)).toEqual([[1, "SR0001L8"], [2, "SR0002L8"], [3, "SR0003LY"]]);
    expect(await move(changer, slot(0), slot(5))).toBe("5/3b/0e");
    expect((await elements(changer, 2)).rows[0]!.flags & full).toBe(0);
    // It takes SR0003LY, which lies in slot 2 now, for SR0002L8, and puts it into a drive as that.
    expect(await move(changer, slot(1), drive(0))).toBe("good");
    expect(await element(client, "drive", 0)).toMatchObject({ barcode: "SR0002L8" });
    expect(await move(changer, slot(2), slot(4))).toBe("5/3b/0e");
    await client.audit();
    expect(await cartridgesSeen(client)).toEqual([["drive", 0, "SR0003LY"], ["slot", 5, "SR0002L8"]]);
  });

  it("a range of elements is looked into alone", async () => {
    const { hands, changer } = await handled({ quirks: ["scans-when-asked"] });
    await hands(openDoor);
    await hands((state) => moveByHand(moveByHand(state, "SR0001L8", { slot: 4 }), "SR0002L8", { slot: 5 }));
    await hands(closeDoor);
    await tape(changer).ready();
    for (const opcode of [0x37, 0xe7]) expect((await send(changer, [opcode, 1, 0x10, 0x00, 0, 0, 0, 1, 0, 0])).sense).toBe("good");
    expect((await elements(changer, 2)).rows.map(({ flags }) => flags & full)).toEqual([0, 1, 1, 0, 0, 0]);
    expect((await send(changer, [0x37, 1, 0x77, 0x77, 0, 0, 0, 1, 0, 0])).sense).toBe("5/21/01");
    expect((await send(changer, [0x37, 1, 0x10, 0x01, 0, 0, 0, 0, 0, 0])).sense).toBe("good");
    expect((await elements(changer, 2)).rows.map(({ flags }) => flags & full)).toEqual([0, 0, 1, 0, 1, 1]);
  });
});

describe("mail slots", () => {
  it("with their door open take nothing (2/3A/02) while all else moves; shut, 6/28/01", async () => {
    const { hands, changer, client } = await handled();
    await hands(openMailDoor);
    expect(await tape(changer).ready()).toBe("good");
    expect(await move(changer, slot(0), mailSlot(0))).toBe("2/3a/02");
    expect(await move(changer, slot(0), slot(4))).toBe("good");
    await expect(client.move({ kind: "slot", number: 2 }, { kind: "mail-slot", number: 1 })).rejects.toMatchObject({ code: "DOOR_OPEN" });
    expect((await elements(changer, 3)).rows.map(({ flags }) => flags & (access | 0x30))).toEqual([0x30, 0x30]);
    await hands(closeMailDoor);
    expect(await tape(changer).ready()).toBe("6/28/01");
    expect(await move(changer, slot(4), mailSlot(0))).toBe("good");
  });

  it("are opened and closed by command, not while removal is prevented, and not at another element", async () => {
    const { changer, client, state } = await handled();
    const operate = async (address: number, action: number) => (await send(changer, [0x1b, 0, address >> 8, address & 0xff, action, 0])).sense;
    await client.holdMailSlots(true);
    expect(await operate(mailSlot(0), 0)).toBe("5/53/02");
    await client.holdMailSlots(false);
    expect(await operate(mailSlot(1), 0)).toBe("good");
    expect(state().changer.isMailDoorOpen).toBe(true);
    expect(await client.mailSlots("close")).toBe("done");
    expect(state().changer.isMailDoorOpen).toBe(false);
    expect(await operate(slot(0), 0)).toBe("6/28/01");
    expect(await operate(slot(0), 0)).toBe("5/21/01");
    expect(await operate(mailSlot(0), 2)).toBe("5/24/00");
  });

  it("tell what came by hand from what a picker brought (IMPEXP)", async () => {
    const { library, changer } = await handled();
    await library.hands.addCartridge({ barcode: "SR0009L8", capacityBytes: 1_000_000 });
    await library.hands.insert("SR0009L8");
    await tape(changer).ready();
    await move(changer, slot(0), mailSlot(1));
    expect((await elements(changer, 3)).rows.map(({ flags, source }) => [flags & (byHand | full), source])).toEqual([[byHand | full, undefined], [full, slot(0)]]);
  });
});

describe("magazines", () => {
  it("that are out take their cartridges along (6/3B/12, 2/3B/11), and bring them back (6/3B/13)", async () => {
    const { hands, changer, client } = await handled({ slotsPerMagazine: 4 });
    await hands((state) => removeMagazine(state, 0));
    expect(await tape(changer).ready()).toBe("6/3b/12");
    expect(await tape(changer).ready()).toBe("good");
    expect(await move(changer, slot(0), slot(4))).toBe("2/3b/11");
    expect(await move(changer, slot(5), slot(1))).toBe("2/3b/11");
    const { rows } = await elements(changer, 2);
    expect(rows.map(({ flags, trouble }) => [flags & (access | except | full), trouble])).toEqual([...new Array<number[]>(4).fill([except, 0x3b11]), [access, 0], [access, 0]]);
    expect(await alerts(changer)).toEqual([18]);
    expect(await element(client, "slot", 1)).toMatchObject({ full: false, accessible: false, exception: 0x3b11 });
    await expect(client.move({ kind: "slot", number: 1 }, { kind: "slot", number: 6 })).rejects.toMatchObject({ code: "DOOR_OPEN" });
    // Hands reach into it without opening the door.
    await hands((state) => moveByHand(state, "SR0001L8", { slot: 3 }));
    await expect(hands((state) => moveByHand(state, "SR0001L8", { slot: 5 }))).rejects.toMatchObject({ code: "DOOR_SHUT" });
    await hands((state) => insertMagazine(state, 0));
    expect(await tape(changer).ready()).toBe("6/3b/13");
    expect(await slotsSeen(client)).toEqual([[2, "SR0002L8"], [3, "SR0003LY"], [4, "SR0001L8"]]);
    await expect(hands((state) => removeMagazine(state, 2))).rejects.toMatchObject({ code: "MAGAZINE_MISSING" });
  });
});

describe("grippers", () => {
  it("that jam keep the cartridge (4/15/01), until they are freed and told where to put it", async () => {
    const { hands, changer, client } = await handled();
    await hands((state) => jamGripper(state, 0));
    await expect(client.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 })).rejects.toMatchObject({ code: "MOVE_FAILED" });
    expect(await tape(changer).ready()).toBe("2/04/03");
    expect(await move(changer, slot(1), slot(4))).toBe("2/04/03");
    expect(await element(client, "transport", 0)).toMatchObject({ full: true, barcode: "SR0001L8", source: { kind: "slot", number: 1 }, exception: 0x1501 });
    expect(await element(client, "slot", 1)).toMatchObject({ full: false });
    expect(await alerts(changer)).toEqual([2, 12, 21]);
    await hands((state) => freeGripper(state, 0));
    expect(await tape(changer).ready()).toBe("6/28/00");
    expect(await move(changer, slot(1), slot(4))).toBe("5/3b/0d");
    await client.move({ kind: "transport", number: 0 }, { kind: "slot", number: 1 });
    expect(await element(client, "slot", 1)).toMatchObject({ full: true, barcode: "SR0001L8" });
    expect(await move(changer, slot(1), slot(4))).toBe("good");
    await expect(hands((state) => jamGripper(state, 1))).rejects.toMatchObject({ code: "PICKER_MISSING" });
  });

  it("may hold a cartridge since the power failed", async () => {
    const { library, hands, changer, client } = await handled();
    await hands((state) => leaveInPicker(state, "SR0002L8", 0));
    expect(await tape(changer).ready()).toBe("6/28/00");
    expect((await elements(changer, 1)).rows[0]).toMatchObject({ flags: full, source: slot(1), tag: "SR0002L8".padEnd(32) });
    expect((await library.hands.list()).find(({ barcode }) => barcode === "SR0002L8")?.place).toEqual({ where: "transport", number: 0 });
    await expect(hands((state) => leaveInPicker(state, "SR0001L8", 0))).rejects.toMatchObject({ code: "PICKER_FULL" });
    await client.move({ kind: "transport", number: 0 }, { kind: "drive", number: 1 });
    expect(await element(client, "drive", 1)).toMatchObject({ barcode: "SR0002L8" });
  });

  it("that jam in an exchange hold what was in the middle", async () => {
    const { hands, changer, client } = await handled();
    await hands((state) => jamGripper(state, 0));
    const exchange = () => send(changer, [0xa6, 0, 0, 0, 0x10, 0x00, 0x10, 0x01, 0x10, 0x05, 0, 0]);
    expect((await exchange()).sense).toBe("4/15/01");
    expect((await exchange()).sense).toBe("2/04/03");
    expect(await cartridgesSeen(client)).toEqual([["slot", 1, "SR0001L8"], ["slot", 3, "SR0003LY"], ["transport", 0, "SR0002L8"]]);
  });
});

describe("labels", () => {
  it("that cannot be read leave the tag empty (83/00), those that repeat another's do not", async () => {
    const { hands, changer, client } = await handled();
    await hands((state) => setLabel(setLabel(state, "SR0001L8", null), "SR0002L8", "SR0003LY"));
    const { rows } = await elements(changer, 2);
    expect(rows.slice(0, 3).map(({ flags, trouble, tag, medium }) => [flags & (except | full), trouble, tag, medium])).toEqual([
      [except | full, 0x8300, "\0".repeat(32), 0], [full, 0, "SR0003LY".padEnd(32), 4], [full, 0, "SR0003LY".padEnd(32), 4],
    ]);
    expect(await alerts(changer)).toEqual([32]);
    expect(await element(client, "slot", 1)).toMatchObject({ full: true, barcode: undefined, exception: 0x8300 });
    await hands((state) => setLabel(state, "SR0001L8", undefined));
    expect(await element(client, "slot", 1)).toMatchObject({ full: true, barcode: "SR0001L8", exception: undefined });
    await expect(hands((state) => setLabel(state, "SR0001L8", "\u001b[2J"))).rejects.toMatchObject({ code: "BARCODE_INVALID" });
  });
});

it("a drive that is off is out of reach (04/12), and takes no cartridge (5/3B/18)", async () => {
  const { hands, changer, client } = await handled();
  await hands((state) => ({ ...state, drives: state.drives.map((one, number) => (number === 1 ? { ...one, isOff: true } : one)) }));
  expect((await elements(changer, 4)).rows.map(({ flags, trouble }) => [flags & (access | except), trouble])).toEqual([[access, 0], [except, 0x0412]]);
  expect(await move(changer, slot(0), drive(1))).toBe("5/3b/18");
  expect(await alerts(changer)).toEqual([22]);
  await expect(client.move({ kind: "slot", number: 1 }, { kind: "drive", number: 1 })).rejects.toMatchObject({ code: "MOVE_FAILED" });
  expect(await move(changer, slot(0), drive(0))).toBe("good");
});
