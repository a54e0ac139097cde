import { openLibrary, type OperatorHands } from "../../simulator/index.ts";
import type { SimulatedState, SimulatorHands } from "../cli/index.ts";
import { systemRandom } from "../words/index.ts";

async function withHands<T>(folder: string, work: (hands: OperatorHands) => T | Promise<T>): Promise<T> {
  const library = await openLibrary(folder, systemRandom);
  try {
    return await work(library.hands);
  } finally {
    await library.close();
  }
}

/** What hands do that lasts, in terms of the simulator, which counts everything from 0. */
export const simulatorHands: SimulatorHands = {
  breakSpot: async (folder, barcode, { at, readAtTry, failsWriting }) =>
    await withHands(folder, async (hands) => {
      const [first, last] = await hands.breakSpot(barcode, { at, failsWriting, ...(readAtTry === undefined ? {} : { readAtTry }) });
      return { first, last };
    }),
  breakCartridge: (folder, barcode, part) => withHands(folder, (hands) => hands.breakCartridge(barcode, part)),
  mendCartridge: (folder, barcode, part) => withHands(folder, (hands) => hands.mendCartridge(barcode, part)),
  breakDrive: (folder, drive, ailment) => withHands(folder, (hands) => hands.breakDrive(drive, ailment)),
  mendDrive: (folder, drive, ailment) => withHands(folder, (hands) => hands.mendDrive(drive, ailment)),
  setDirt: (folder, drive, dirt) => withHands(folder, (hands) => hands.setDirt(drive, dirt)),
  setGripper: (folder, gripper, isJammed) => withHands(folder, (hands) => hands.setGripper(gripper, isJammed)),
  setPower: (folder, drive, isOn) => withHands(folder, (hands) => hands.setPower(drive ?? "library", isOn)),
  setCable: (folder, drive, isIn) => withHands(folder, (hands) => hands.setCable(drive ?? "library", isIn)),
  setDoor: (folder, door, isOpen) => withHands(folder, (hands) => hands.setDoor(door, isOpen)),
  setMagazine: (folder, magazine, isOut) => withHands(folder, (hands) => hands.setMagazine(magazine - 1, isOut)),
  moveByHand: (folder, barcode, to) =>
    withHands(folder, (hands) => {
      if (to === "shelf") return hands.moveByHand(barcode, to);
      return "gripper" in to ? hands.leaveInPicker(barcode, to.gripper) : hands.moveByHand(barcode, { slot: to.slot - 1 });
    }),
  relabel: (folder, barcode, seen) => withHands(folder, (hands) => hands.relabel(barcode, seen)),
  states: (folder) => withHands(folder, statesOf),
};

/** Everything that is not as it should be, the library first. */
export async function statesOf(hands: OperatorHands): Promise<readonly SimulatedState[]> {
  const { library, drives } = hands.condition();
  const { isDoorOpen, isMailDoorOpen, magazinesOut, labels } = hands.changer();
  return [
    ...switched("library", library),
    ...(isDoorOpen ? [{ thing: "door", state: "open" }] : []),
    ...(isMailDoorOpen ? [{ thing: "mail door", state: "open" }] : []),
    ...magazinesOut.map((number) => ({ thing: `magazine:${String(number + 1)}`, state: "out" })),
    ...hands.grippers().flatMap((gripper, number) => (gripper === "well" ? [] : [{ thing: `transport:${String(number)}`, state: gripper }])),
    ...drives.flatMap((drive, number) => [
      ...switched(`drive:${String(number)}`, drive),
      ...(drive.ailments ?? []).map((ailment) => ({ thing: `drive:${String(number)}`, state: ailing[ailment] })),
      ...(drive.dirt === "clean" ? [] : [{ thing: `drive:${String(number)}`, state: `cleaning ${drive.dirt}` }]),
    ]),
    ...Object.entries(labels).map(([thing, label]) => ({ thing, state: label === null ? "label unreadable" : `labelled ${label}` })),
    ...(await hands.list()).flatMap(({ barcode, damage, awaitsMeasuring }) => [
      ...damageOf(barcode, damage),
      ...(awaitsMeasuring ? [{ thing: barcode, state: "never loaded" }] : []),
    ]),
  ];
}

const ailing = { eject: "does not eject", fan: "fan stands still", heat: "too hot" } as const;

function switched(thing: string, { isOff, isCableOut }: { readonly isOff?: boolean; readonly isCableOut?: boolean }): SimulatedState[] {
  return [...(isOff === true ? [{ thing, state: "off" }] : []), ...(isCableOut === true ? [{ thing, state: "cable out" }] : [])];
}

type Damage = Awaited<ReturnType<OperatorHands["damageOf"]>>;

function damageOf(thing: string, { stretches, isEndOfDataDamaged, isChipUnreadable, isTapeSnapped }: Damage): SimulatedState[] {
  const spots = stretches.map(({ first, last, readAtTry, whenWritten }) => {
    const reading = readAtTry === null ? "unreadable" : `read at try ${String(readAtTry)}`;
    return `objects ${String(first)} to ${String(last)} ${reading}${whenWritten === "fails" ? ", unwritable" : ""}`;
  });
  const parts = [...(isEndOfDataDamaged ? ["end of data damaged"] : []), ...(isChipUnreadable ? ["chip unreadable"] : []), ...(isTapeSnapped ? ["tape snapped"] : [])];
  return [...spots, ...parts].map((state) => ({ thing, state }));
}
