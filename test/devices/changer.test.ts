import { describe, expect, it } from "vitest";
import { type MediaChanger, openMediaChanger } from "../../src/devices/changer/index.ts";
import { buildElementRanges, buildElementStatus, buildMode6, type ElementStatus, elementType } from "../../src/scsi/index.ts";
import { ScriptedTransport, SleepingClock, type Step } from "./scripted-transport.ts";

const page = { page: 0x1d, subpage: 0, body: buildElementRanges({
  transports: { first: 1, count: 1 }, slots: { first: 0x400, count: 3 }, mailSlots: { first: 0x300, count: 1 }, drives: { first: 0x100, count: 2 },
}) };
const mode = buildMode6({ mediumType: 0, writeProtected: false, bufferedMode: 0, densityCode: undefined, blockBytes: undefined, pages: [page] });
const ranges: Step = { cdb: [0x1a, 0, 0x1d], data: mode };

const element = (type: number, address: number, more: Partial<ElementStatus> = {}): ElementStatus => ({
  type, address, full: more.volumeTag !== undefined, accessible: true, exception: undefined, sourceAddress: undefined, volumeTag: undefined,
  deviceId: undefined, ...more,
});
const drives = [
  element(elementType.drive, 0x100, { volumeTag: "ABC001L8", sourceAddress: 0x402, deviceId: "IBM     ULT3580-TD8     SERIAL0001" }),
  element(elementType.drive, 0x101, { deviceId: "SERIAL0002" }),
];
const slots = [
  element(elementType.slot, 0x400, { volumeTag: "ABC002L8" }), element(elementType.slot, 0x401, { full: true, exception: 0x8300 }),
  element(elementType.slot, 0x402),
];
const mail = [element(elementType.mailSlot, 0x300)];
const arms = [element(elementType.transport, 1)];
const tags = { volumeTags: true, deviceIds: false };
const tail: readonly Step[] = [
  { cdb: [0xb8, 0x13, 3, 0, 0, 1], data: buildElementStatus(mail, tags) }, { cdb: [0xb8, 0x11, 0, 1, 0, 1], data: buildElementStatus(arms, tags) },
];
const refused = { key: 5, asc: 0x24 };

async function on<T>(steps: readonly Step[], act: (changer: MediaChanger) => Promise<T>): Promise<T> {
  const transport = new ScriptedTransport(steps);
  const result = await act(openMediaChanger(transport, new SleepingClock()));
  expect(transport.left).toBe(0);
  return result;
}

describe("an inventory", () => {
  it("numbers elements for people and says what is known of each", async () => {
    const both = buildElementStatus(drives, { volumeTags: true, deviceIds: true });
    const steps = [ranges, { cdb: [0xb8, 0x14, 1, 0, 0, 2, 1], data: both }, { cdb: [0xb8, 0x12, 4, 0, 0, 3], data: buildElementStatus(slots, tags) }, ...tail];
    const { elements } = await on(steps, (changer) => changer.inventory());
    expect(elements.map(({ kind, number, full }) => `${kind} ${String(number)} ${full ? "full" : "empty"}`)).toEqual([
      "drive 0 full", "drive 1 empty", "slot 1 full", "slot 2 full", "slot 3 empty", "mail-slot 1 empty", "transport 0 empty",
    ]);
    expect(elements[0]).toMatchObject({ barcode: "ABC001L8", source: { kind: "slot", number: 3 }, driveSerial: "SERIAL0001", address: 0x100 });
    expect(elements[1]).toMatchObject({ barcode: undefined, source: undefined, driveSerial: "SERIAL0002" });
    expect(elements[3]).toMatchObject({ barcode: undefined, exception: 0x8300 });
  });

  it.each([["is in reach where nothing is said to be", undefined, true], ["is out of reach where exceptions say why", 0x8301, false]] as const)(
    "%s",
    async (_what, exception, isReachable) => {
      const out = (elements: readonly ElementStatus[]) => elements.map((each) => ({ ...each, accessible: false, exception }));
      const steps = [
        ranges, { cdb: [0xb8, 0x14], data: buildElementStatus(out(drives), { volumeTags: true, deviceIds: true }) },
        { cdb: [0xb8, 0x12], data: buildElementStatus(out(slots), tags) }, { cdb: [0xb8, 0x13], data: buildElementStatus(out(mail), tags) }, tail[1]!,
      ];
      const { elements } = await on(steps, (changer) => changer.inventory());
      expect(elements.filter(({ kind }) => kind !== "transport").map(({ accessible }) => accessible)).toEqual(new Array(6).fill(isReachable));
    },
  );

  it("goes on where an answer was cut, and asks apart what a changer refuses together", async () => {
    const whole = buildElementStatus(slots, tags);
    const steps: Step[] = [
      ranges, { cdb: [0xb8, 0x14, 1, 0, 0, 2, 1], sense: refused },
      { cdb: [0xb8, 0x14, 1, 0, 0, 2, 0], data: buildElementStatus(drives, tags) },
      { cdb: [0xb8, 0x04, 1, 0, 0, 2, 1], data: buildElementStatus(drives, { volumeTags: false, deviceIds: true }) },
      { cdb: [0xb8, 0x12, 4, 0, 0, 3], data: whole.subarray(0, 16 + 52 + 20) },
      { cdb: [0xb8, 0x12, 4, 1, 0, 2], data: buildElementStatus(slots.slice(1), tags) }, ...tail,
    ];
    const { elements } = await on(steps, (changer) => changer.inventory());
    expect(elements).toHaveLength(7);
    expect(elements[1]?.driveSerial).toBe("SERIAL0002");
  });

  it("absorbs news of mail slots, magazines and resets", async () => {
    const news = [{ key: 6, asc: 0x28, ascq: 1 }, { key: 6, asc: 0x29 }, { key: 6, asc: 0x3b, ascq: 0x12 }];
    await on([...news.map((sense) => ({ cdb: [0x07], sense })), { cdb: [0x07] }], (changer) => changer.audit());
  });
});

describe("a movement", () => {
  const cdb = [0xa5, 0, 0, 1, 4, 0, 1, 1];
  const move = (step: Omit<Step, "cdb">) =>
    on([ranges, { cdb, ...step }], (changer) => changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 1 }));

  it("is done when the changer says so", async () => await expect(move({})).resolves.toBeUndefined());

  it.each([
    ["ELEMENT_EMPTY", 5, 0x3b, 0x0e], ["ELEMENT_FULL", 5, 0x3b, 0x0d], ["MEDIUM_LOCKED", 5, 0x53, 0x02], ["MEDIUM_LOCKED", 5, 0x53, 0x03],
    ["DOOR_OPEN", 2, 0x3a, 0x02], ["DOOR_OPEN", 2, 0x04, 0x18], ["MOVE_FAILED", 4, 0x15, 0x01], ["MOVE_FAILED", 5, 0x24, 0x00],
  ])("rejects with %s for %i/%i/%i", async (code, key, asc, ascq) => await expect(move({ sense: { key, asc, ascq } })).rejects.toMatchObject({ code }));

  it("knows which elements there are before it asks", async () => {
    const there = on([ranges], (changer) => changer.move({ kind: "slot", number: 4 }, { kind: "drive", number: 0 }));
    await expect(there).rejects.toMatchObject({ code: "ELEMENT_MISSING" });
  });
});
