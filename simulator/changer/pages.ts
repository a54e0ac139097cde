import type { LibraryState } from "../home/index.ts";
import { controlPages, type LogPages, type LogParameter, type ModePage } from "../unit/index.ts";
import { field } from "../wire/index.ts";
import { cartridgesIn, countOf, hasQuirk, type Where } from "./elements.ts";
import { isDriveOff, standstillOf } from "./reach.ts";
import { tagSeen } from "./labels.ts";

/** Slots, mail slots and drives; the gripper is none that anything could stay in. */
const stores = 0x0e;

/** Control, and element addresses, transport geometry and capabilities (SMC-3, 7.3). */
export function modePagesOf(state: LibraryState, descriptorSense: boolean): readonly ModePage[] {
  const range = (where: Where): number[] => [...field(state.shape.firstAddresses[where], 2), ...field(countOf(state, where), 2)];
  const addresses = [...range("transport"), ...range("slot"), ...range("mailSlot"), ...range("drive")];
  const exchanges = hasQuirk(state, "no-exchange") ? 0 : stores;
  // One descriptor for each picker: it does not turn cartridges over, and all are of one set.
  const geometry = state.pickers.flatMap((_, member) => [0, member]);
  return [
    ...controlPages({ descriptorSense }),
    { page: 0x1d, subpage: 0, bytes: [0x1d, 0x12, ...addresses, 0, 0] },
    { page: 0x1e, subpage: 0, bytes: [0x1e, geometry.length, ...geometry] },
    // What was left in a gripper can be put away; everything else moves to everything but a gripper.
    { page: 0x1f, subpage: 0, bytes: [0x1f, 0x12, stores, 0, stores, stores, stores, stores, 0, 0, 0, 0, 0, exchanges, exchanges, exchanges, 0, 0, 0, 0] },
  ];
}

/** Temperature, media changer statistics, TapeAlert (SMC-3, 7.2). */
export function logPagesOf(state: LibraryState): LogPages {
  return new Map<number, () => readonly LogParameter[]>([
    [0x0d, () => [{ code: 0, value: [0, roomCelsius] }, { code: 1, value: [0, highestCelsius] }]],
    [0x14, () => statistics(state)],
    [0x2e, () => alerts(state)],
  ]);
}

const roomCelsius = 24;
const highestCelsius = 45;

function statistics({ changer: { counters } }: LibraryState): readonly LogParameter[] {
  const { moves, picks, places, tagsRead, tagsUnreadable, doorOpenings, mailDoorOpenings, inventories, gripperFailures } = counters;
  // Grippers here succeed at once or never: no retries, and no errors that were recovered.
  const values = [moves, picks, 0, places, 0, tagsRead, tagsUnreadable, doorOpenings, mailDoorOpenings, inventories, gripperFailures, 0];
  return values.map((value, code) => ({ code, value: field(value, 4) }));
}

const alertCount = 32;

/** Alerts of media changers (SMC-3, annex A), each for as long as what it is about. */
function alerts(state: LibraryState): readonly LogParameter[] {
  const cartridges = cartridgesIn(state);
  const active = new Map<number, boolean>([
    [2, state.pickers.some(({ gripper }) => gripper === "stuck")],
    [12, state.pickers.some(({ cartridge }) => cartridge !== null)],
    [16, state.changer.isDoorOpen],
    [17, state.changer.isMailDoorOpen],
    [18, state.changer.magazinesOut.length > 0],
    [21, standstillOf(state) !== undefined],
    [22, state.drives.some((_, number) => isDriveOff(state, { where: "drive", number, address: 0 }))],
    [24, Object.keys(state.changer.beliefs).length > 0],
    [32, !hasQuirk(state, "no-barcode-reader") && cartridges.some(({ barcode }) => tagSeen(state, barcode) === null)],
  ]);
  return Array.from({ length: alertCount }, (_, at) => ({ code: at + 1, value: [active.get(at + 1) === true ? 1 : 0] }));
}
