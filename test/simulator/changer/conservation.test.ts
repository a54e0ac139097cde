import { expect, it } from "vitest";
import {
  closeDoor, closeMailDoor, elementOf, freeGripper, insertMagazine, jamGripper, leaveInPicker, moveByHand, openChangerUnit, openDoor, openMailDoor, removeMagazine, setLabel,
} from "../../../simulator/changer/index.ts";
import { createMemoryHome, type LibraryHome, type LibraryState, planLibrary, type QuirkName } from "../../../simulator/home/index.ts";
import { noTime } from "../../../simulator/time/index.ts";
import { StrongroomError, systemRandom } from "../../../src/words/index.ts";

const barcodes = Array.from({ length: 8 }, (_, at) => `SR000${String(at)}L8`);

/** The same numbers for the same seed (a linear congruence). */
function dice(seed: number): (below: number) => number {
  let last = seed;
  return (below) => {
    last = (Math.imul(last, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((last / 2 ** 32) * below);
  };
}

function inLibrary({ slots, mailSlots, drives, pickers }: LibraryState): readonly string[] {
  const inMachines = [...drives, ...pickers].map(({ cartridge }) => cartridge);
  return [...slots, ...mailSlots, ...inMachines].filter((one) => one !== null).map(({ barcode }) => barcode);
}

/** One thing that a hand does; what it cannot do is refused in words. */
function handsOn(state: LibraryState, roll: (below: number) => number): LibraryState {
  const barcode = barcodes[roll(barcodes.length)]!;
  const deeds: readonly ((state: LibraryState) => LibraryState)[] = [
    openDoor, closeDoor, closeDoor, closeDoor, openMailDoor, closeMailDoor,
    (before) => removeMagazine(before, roll(3)), ...[0, 1, 2].map((magazine) => (before: LibraryState) => insertMagazine(before, magazine)), (before) => insertMagazine(before, roll(4)),
    (before) => (roll(3) === 0 ? jamGripper(before, roll(2)) : before), (before) => freeGripper(before, roll(2)), (before) => freeGripper(before, roll(2)),
    (before) => (roll(8) === 0 ? leaveInPicker(before, barcode, roll(2)) : before), (before) => setLabel(before, barcode, [null, undefined, "OTHER"][roll(3)]),
    (before) => moveByHand(before, barcode, roll(6) === 0 ? "shelf" : { slot: roll(12) }),
    (before) => ({ ...before, drives: before.drives.map((one) => ({ ...one, cartridge: one.cartridge === null ? null : { ...one.cartridge, ejected: true } })) }),
  ];
  return deeds[roll(deeds.length)]!(state);
}

function randomCdb(home: LibraryHome, roll: (below: number) => number): Uint8Array {
  const opcode = [0x07, 0x1b, 0x2b, 0x37, 0x4d, 0x1a, 0xa5, 0xa5, 0xa5, 0xa5, 0xa6, 0xb5, 0xb8, 0xe7][roll(14)]!;
  const cdb = Uint8Array.from({ length: 12 }, () => (roll(3) === 0 ? roll(256) : 0));
  cdb[0] = opcode;
  const { transport, mailSlot, drive, slot } = home.state().shape.firstAddresses;
  const address = () => [transport + roll(3), mailSlot + roll(3), drive + roll(3), slot + roll(14), slot + roll(12), slot + roll(12)][roll(6)]!;
  const view = new DataView(cdb.buffer);
  if (opcode !== 0xa5 && opcode !== 0xa6) return cdb;
  view.setUint16(2, [0, 0, 0, transport + roll(2), address()][roll(5)]!);
  for (const at of [4, 6, 8]) view.setUint16(at, address());
  // Where a cartridge truly is, more often than chance would have it.
  const somewhere = elementOf(home.state(), barcodes[roll(barcodes.length)]!);
  if (roll(2) === 0 && somewhere !== undefined) view.setUint16(4, somewhere.address);
  cdb[10] = 0;
  return cdb;
}

it.each<[number, readonly QuirkName[]]>([[1, []], [2, ["scans-when-asked", "few-elements"]], [3, ["guards-generations", "no-access-bits"]]])(
  "whatever commands and hands do (seed %i), no cartridge is lost or doubled, and every command is answered",
  async (seed, quirks) => {
    const roll = dice(seed);
    const description = { slots: 12, pickers: 2, slotsPerMagazine: 4, layout: "oracle", quirks, cartridges: barcodes.map((barcode) => ({ barcode })) } as const;
    const { state, cartridges } = planLibrary(description, systemRandom);
    const home = createMemoryHome(state);
    for (const cartridge of cartridges) await home.addCartridge(cartridge);
    const unit = openChangerUnit(home, noTime());
    let [moved, refusedHands] = [0, 0];
    for (let step = 0; step < 3000; step += 1) {
      const before = inLibrary(home.state());
      const shelf = barcodes.filter((barcode) => !before.includes(barcode));
      if (roll(8) === 0) {
        try {
          await home.change((now) => ({ state: handsOn(now, roll), result: undefined }));
        } catch (error) {
          expect(error).toBeInstanceOf(StrongroomError);
          refusedHands += 1;
        }
      } else {
        const cdb = randomCdb(home, roll);
        await unit.notice();
        const { status, sense } = await unit.execute({ cdb, dataIn: new Uint8Array(2048), timeoutMs: 1000 }, "path");
        expect(status === 0 || (status === 2 && sense !== undefined)).toBe(true);
        if (status === 0 && (cdb[0] === 0xa5 || cdb[0] === 0xa6)) moved += 1;
        expect(barcodes.filter((barcode) => !inLibrary(home.state()).includes(barcode))).toEqual(shelf);
      }
      const after = inLibrary(home.state());
      expect(new Set(after).size).toBe(after.length);
    }
    expect(moved).toBeGreaterThan(20);
    expect(refusedHands).toBeGreaterThan(5);
    await unit.close();
  },
);
