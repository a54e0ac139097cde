import { describe, expect, it } from "vitest";
import type { VirtualLibrary } from "../../../simulator/index.ts";
import type { Transport } from "../../../src/scsi/index.ts";
import { drive, move, send, slot, u16, u24 } from "../initiator.ts";
import { barcode, homes } from "./homes.ts";

const ready = async (changer: Transport): Promise<string> => (await send(changer, [0, 0, 0, 0, 0, 0])).sense;

/** One slot as READ ELEMENT STATUS has it: whether it can be reached, the code of its exception, its volume tag. */
async function slotStatus(changer: Transport, number: number): Promise<{ isAccessible: boolean; code: string; tag: string }> {
  const dataIn = new Uint8Array(200);
  await send(changer, [0xb8, 0x12, ...u16(slot(number)), ...u16(1), 0, ...u24(200), 0, 0], { dataIn });
  const flags = dataIn[18]!;
  const code = (flags & 0x04) === 0 ? "none" : Buffer.from(dataIn.subarray(20, 22)).toString("hex");
  return { isAccessible: (flags & 0x08) !== 0, code, tag: Buffer.from(dataIn.subarray(28, 60)).toString("latin1").replace(/[\0 ]+$/, "") };
}

describe.each(homes)("hands at a changer %s", (_name, make) => {
  const opened = async (): Promise<{ hands: VirtualLibrary["hands"]; changer: Transport }> => {
    const cartridges = [barcode, "SR0002L8"].map((one) => ({ barcode: one, capacityBytes: 1024 * 1024 }));
    const library = await make({ slots: 4, mailSlots: 1, slotsPerMagazine: 2, cartridges });
    const changer = await library.transport(0);
    await ready(changer);
    return { hands: library.hands, changer };
  };

  it("open and close its door", async () => {
    const { hands, changer } = await opened();
    await hands.setDoor("door", true);
    expect(await ready(changer)).toBe("2/04/03");
    expect(await move(changer, slot(0), slot(2))).toBe("2/04/03");
    expect((await slotStatus(changer, 0)).isAccessible).toBe(false);
    await hands.moveByHand(barcode, { slot: 3 });
    await hands.setDoor("door", false);
    expect([await ready(changer), await ready(changer), await move(changer, slot(3), slot(0))]).toEqual(["6/28/00", "good", "good"]);
  });

  it("open the door before its mail slots, unless a program keeps them shut", async () => {
    const { hands, changer } = await opened();
    expect((await send(changer, [0x1e, 0, 0, 0, 1, 0])).sense).toBe("good");
    await expect(hands.setDoor("mail", true)).rejects.toMatchObject({ code: "MAIL_SLOTS_LOCKED" });
    expect((await send(changer, [0x1e, 0, 0, 0, 0, 0])).sense).toBe("good");
    await hands.setDoor("mail", true);
    expect(await move(changer, slot(0), 0x10)).toBe("2/3a/02");
    await hands.setDoor("mail", false);
    expect([await ready(changer), await move(changer, slot(0), 0x10)]).toEqual(["6/28/01", "good"]);
  });

  it("take a magazine out and put it in", async () => {
    const { hands, changer } = await opened();
    await hands.setMagazine(0, true);
    expect([await ready(changer), (await slotStatus(changer, 0)).code, (await slotStatus(changer, 2)).code]).toEqual(["6/3b/12", "3b11", "none"]);
    await hands.setMagazine(0, false);
    expect([await ready(changer), (await slotStatus(changer, 0)).code]).toEqual(["6/3b/13", "none"]);
  });

  it("label a cartridge otherwise, twice alike, or not to be read", async () => {
    const { hands, changer } = await opened();
    await hands.relabel(barcode, "SR0002L8");
    expect([(await slotStatus(changer, 0)).tag, (await slotStatus(changer, 1)).tag]).toEqual(["SR0002L8", "SR0002L8"]);
    await hands.relabel(barcode, null);
    expect(await slotStatus(changer, 0)).toEqual({ isAccessible: true, code: "8300", tag: "" });
    await hands.relabel(barcode, undefined);
    expect(await slotStatus(changer, 0)).toEqual({ isAccessible: true, code: "none", tag: barcode });
    await expect(hands.relabel("SR0009L8", "X")).rejects.toMatchObject({ code: "CARTRIDGE_UNKNOWN" });
  });

  it("let a gripper stick with a cartridge in hand, until somebody frees it", async () => {
    const { hands, changer } = await opened();
    await hands.setGripper(0, true);
    expect([await move(changer, slot(0), drive(0)), await ready(changer)]).toEqual(["4/15/01", "2/04/03"]);
    expect((await hands.list())[0]!.place).toEqual({ where: "transport", number: 0 });
    await hands.setGripper(0, false);
    expect([await ready(changer), await move(changer, 1, drive(0))]).toEqual(["6/28/00", "good"]);
  });
});
