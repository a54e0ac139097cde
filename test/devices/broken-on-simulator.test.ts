import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { type MediaChanger, openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { StrongroomError, systemRandom } from "../../src/words/index.ts";
import { SleepingClock } from "./scripted-transport.ts";

const barcode = "SR0001L8";
let library: VirtualLibrary;
let changer: MediaChanger;
let drive: TapeDrive;
beforeEach(async () => {
  library = await createMemoryLibrary({ drives: 2, slots: 2, cartridges: [{ barcode, capacityBytes: 4 * 1024 * 1024 }] }, systemRandom);
  const clock = new SleepingClock();
  changer = openMediaChanger(await library.transport(0), clock);
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  drive = openTapeDrive(await library.transport(1), clock);
  await drive.ready(10_000);
  for (let number = 0; number < 4; number += 1) await drive.writeBlock(new Uint8Array(1000).fill(number));
  await drive.writeFilemarks(1);
  await drive.rewind();
});
afterEach(async () => { await library.close(); });

interface Failed {
  readonly kind: string;
  readonly code: string;
  /** What our table says of the code. */
  readonly says: RegExp;
}

interface Broken {
  readonly what: string;
  readonly breakIt: () => Promise<unknown>;
  readonly work: () => Promise<unknown>;
  readonly fails: Failed;
}

const room = new Uint8Array(1000);
const medium = (says: RegExp): Failed => ({ kind: "failed", code: "MEDIUM_ERROR", says });
const stuck = /the cartridge did not go in or out.*\(4\/53\/00\)/;

const states: readonly Broken[] = [
  {
    what: "a spot that cannot be read", breakIt: () => library.hands.breakSpot(barcode, { at: { objects: [0, 0] } }),
    work: () => drive.readBlock(room), fails: medium(/the tape cannot be read here.*\(3\/11\/00\)/),
  },
  {
    what: "a spot that cannot be written", breakIt: () => library.hands.breakSpot(barcode, { at: { objects: [0, 0] }, failsWriting: true }),
    work: () => drive.writeBlock(room), fails: medium(/what was to be written is not on the tape.*\(3\/0c\/00\)/),
  },
  {
    what: "a damaged end of data", breakIt: () => library.hands.breakCartridge(barcode, "end"),
    work: () => drive.spaceToEndOfData(), fails: medium(/the tape has no end of data.*\(3\/14\/03\)/),
  },
  {
    what: "a snapped tape, read", breakIt: () => library.hands.breakCartridge(barcode, "tape"),
    work: () => drive.readBlock(room), fails: medium(/the cartridge did not go in or out.*\(3\/53\/00\)/),
  },
  {
    what: "a snapped tape, waited for", breakIt: () => library.hands.breakCartridge(barcode, "tape"),
    work: () => drive.ready(1000), fails: medium(/the cartridge did not go in or out.*\(3\/53\/00\)/),
  },
  {
    what: "a snapped tape, to be let go of", breakIt: () => library.hands.breakCartridge(barcode, "tape"),
    work: () => drive.unload(), fails: { kind: "failed", code: "DRIVE_ERROR", says: stuck },
  },
  {
    what: "a cartridge that is stuck", breakIt: () => library.hands.breakDrive(0, "eject"),
    work: () => drive.unload(), fails: { kind: "failed", code: "DRIVE_ERROR", says: stuck },
  },
  {
    what: "a drive that is off", breakIt: () => library.hands.setPower(0, false),
    work: () => drive.ready(1000), fails: { kind: "temporary", code: "TRANSPORT_LOST", says: /does not answer any more/ },
  },
  {
    what: "a drive whose cable is out", breakIt: () => library.hands.setCable(0, false),
    work: () => drive.ready(1000), fails: { kind: "temporary", code: "TRANSPORT_LOST", says: /does not answer any more/ },
  },
  {
    what: "a drive that is off, for the changer", breakIt: () => library.hands.setPower(1, false),
    work: () => changer.move({ kind: "slot", number: 2 }, { kind: "drive", number: 1 }),
    fails: { kind: "failed", code: "MOVE_FAILED", says: /an element was taken out of use.*\(5\/3b\/18\)/ },
  },
];

describe("what our drives and changers say of what is broken", () => {
  it.each(states)("$what: one sentence of the right kind, with advice", async ({ breakIt, work, fails: { kind, code, says } }) => {
    await breakIt();
    const error: unknown = await work().then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(StrongroomError);
    const { message, hint } = error as StrongroomError;
    expect(error).toMatchObject({ kind, code });
    expect(message).toMatch(says);
    expect(message).not.toMatch(/\n|\.$/);
    expect(hint).toMatch(/^[a-z].*[^.]$/);
  });

  it("a weak spot gives its data at a later try, without a complaint", async () => {
    await library.hands.breakSpot(barcode, { at: { objects: [2, 2] }, readAtTry: 2 });
    await drive.locate(2);
    await expect(drive.readBlock(room)).rejects.toMatchObject({ code: "MEDIUM_ERROR" });
    await drive.locate(2);
    expect(await drive.readBlock(room)).toEqual({ kind: "block", sizeBytes: 1000 });
    expect(room).toEqual(new Uint8Array(1000).fill(2));
  });

  it("what follows a spot is read, since the tape stands behind it", async () => {
    await library.hands.breakSpot(barcode, { at: { objects: [1, 1] } });
    await drive.locate(1);
    await expect(drive.readBlock(room)).rejects.toMatchObject({ code: "MEDIUM_ERROR" });
    await drive.ready(1000);
    expect((await drive.position()).objectNumber).toBe(2);
  });

  it("a chip that cannot be read takes nothing from the data, and is missed in the drive's health", async () => {
    await library.hands.breakCartridge(barcode, "chip");
    await drive.unload();
    await drive.load();
    await drive.rewind();
    expect(await drive.readBlock(room)).toMatchObject({ kind: "block" });
    const { cartridge } = await drive.health({ withCartridge: true, mayClearAlerts: true });
    expect(cartridge?.memory).toBeUndefined();
  });

  it("what is wrong with a chip, a fan and the heat is found, with whom it blames", async () => {
    await library.hands.breakCartridge(barcode, "chip");
    await library.hands.breakDrive(0, "fan");
    await library.hands.breakDrive(0, "heat");
    await drive.ready(1000);
    const { findings } = await drive.health({ withCartridge: true, mayClearAlerts: true });
    expect(findings.map(({ severity, code, blames }) => [severity, code, blames])).toEqual([
      ["err", "TAPE_ALERT_36", "drive"], ["warn", "TAPE_ALERT_15", "cartridge"], ["warn", "TAPE_ALERT_26", "drive"],
      ["warn", "DRIVE_WAS_HOT", "drive"], ["warn", "CARTRIDGE_WAS_HOT", "cartridge"],
    ]);
  });

  it("a drive that is off is an exception in the inventory", async () => {
    await library.hands.setPower(0, false);
    await library.hands.setPower(1, false);
    await library.hands.setPower(1, true);
    const { elements } = await changer.inventory();
    const drives = elements.filter(({ kind }) => kind === "drive").map(({ accessible, exception }) => [accessible, exception]);
    expect(drives).toEqual([[false, 0x0412], [true, undefined]]);
  });
});
