import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { LibraryState } from "../home/index.ts";
import { robotFigures } from "../time/index.ts";
import { acceptsSelection, deviceOptions, logSense, modeSense, type ModeParameters, parseModeSelect } from "../unit/index.ts";
import { be16, check, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import type { Changer, ChangerCommand } from "./changer.ts";
import { readElementStatus } from "./element-status.ts";
import { elementAt, rangesOf } from "./elements.ts";
import { closeMailDoor, openMailDoor } from "./hands.ts";
import { type AddressRange, addressesOf, elementsIn, looked } from "./inventory.ts";
import { exchangeMedium, moveMedium, type MoveResult } from "./moving.ts";
import { logPagesOf, modePagesOf } from "./pages.ts";
import { requestVolumeElementAddress, sendVolumeTag } from "./volume-tags.ts";

const move = moves((state, cdb, areMailSlotsShut) => moveMedium(state, { picker: be16(cdb, 2), from: be16(cdb, 4), to: be16(cdb, 6), areMailSlotsShut }), 0x01);
const exchange = moves(
  (state, cdb, areMailSlotsShut) =>
    exchangeMedium(state, { picker: be16(cdb, 2), from: be16(cdb, 4), through: be16(cdb, 6), to: be16(cdb, 8), areMailSlotsShut }),
  0x03,
);
const status: ChangerCommand["run"] = ({ home }, command) => readElementStatus(home.state(), command);
const modes: ChangerCommand["run"] = (unit, command) => modeSense(modeParameters(unit), command);
const log: ChangerCommand["run"] = ({ home }, command) => logSense(logPagesOf(home.state()), command);

/** SMC-3, table 17. */
export const changerCommands: ReadonlyMap<number, ChangerCommand> = new Map<number, ChangerCommand>([
  [0x07, { usage: "070000000000", needs: "robot", run: (unit) => lookInto(unit, undefined) }],
  [0x15, { usage: "15110000ff00", run: modeSelect }],
  [0x1a, { usage: "1a08ffffff00", run: modes }],
  [0x1b, { usage: "1b00ffff1f00", run: operateMailDoor }],
  [0x1e, { usage: "1e0000000300", run: preventRemoval }],
  [0x2b, { usage: "2b00ffffffff00000100", needs: "robot", run: positionToElement }],
  [0x37, { usage: "3703ffff0000ffff0000", needs: "robot", run: lookIntoRange }],
  [0x4d, { usage: "4d01ffff00ffffffff00", run: log }],
  [0x55, { usage: "55110000000000ffff00", run: modeSelect }],
  [0x5a, { usage: "5a18ffff000000ffff00", run: modes }],
  [0xa5, { usage: "a500ffffffffffff00000100", needs: "robot", run: move }],
  [0xa6, { usage: "a600ffffffffffffffff0300", needs: "robot", run: exchange }],
  [0xb5, { usage: "b51fffffffff00ffffff0000", needs: "inventory", run: requestVolumeElementAddress }],
  [0xb6, { usage: "b60fffff001f0000ffff0000", run: sendVolumeTag }],
  [0xb8, { usage: "b81fffffffff03ffffff0000", needs: "inventory", run: status }],
  [0xe7, { usage: "e701ffff0000ffff8000", needs: "robot", run: lookIntoRange }],
]);

const usualSeconds = 300;
/** Of two and a half times as long as looking takes. */
const lookingFactor = 2.5;

/** How long a command may take. To look into all elements takes as long as there are elements. */
export function timeoutSecondsOf(state: LibraryState, opcode: number): number {
  if (opcode !== 0x07 && opcode !== 0x37 && opcode !== 0xe7) return usualSeconds;
  const elements = rangesOf(state).reduce((sum, { count }) => sum + count, 0);
  return Math.max(usualSeconds, Math.ceil((elements * robotFigures.scanMs * lookingFactor) / 1000));
}

/** Neither command turns cartridges over: INV1 and INV2. */
function moves(run: (state: LibraryState, cdb: Uint8Array, areMailSlotsShut: boolean) => MoveResult, inversions: number): ChangerCommand["run"] {
  return async ({ home, time }, { cdb }) => {
    if ((cdb[10]! & inversions) !== 0) return check(invalidField(10));
    const areMailSlotsShut = await home.mailSlotsHeld();
    const refusal = await home.change((state) => {
      const moved = run(state, cdb, areMailSlotsShut);
      return { state: moved.state, result: moved.refusal };
    });
    if (refusal !== undefined) return check(refusal);
    await time.pass(robotFigures.moveMs);
    return good;
  };
}

/** INITIALIZE ELEMENT STATUS (SMC-3). */
async function lookInto({ home, time }: Changer, range: AddressRange | undefined): Promise<Outcome> {
  const elements = elementsIn(home.state(), range ?? { first: 0, count: 0x10000 });
  await time.pass(elements * robotFigures.scanMs);
  await home.change((state) => ({ state: looked(state, range), result: undefined }));
  return good;
}

/** INITIALIZE ELEMENT STATUS WITH RANGE (SMC-3), and as it was before it had an opcode of its own. Without RANGE all elements are meant. */
async function lookIntoRange(unit: Changer, { cdb }: ScsiCommand): Promise<Outcome> {
  if ((cdb[1]! & 0x01) === 0) return await lookInto(unit, undefined);
  const first = be16(cdb, 2);
  if (elementAt(unit.home.state(), first) === undefined) return check(senses.invalidElement);
  return await lookInto(unit, addressesOf(unit.home.state(), first, be16(cdb, 6)));
}

async function positionToElement({ home, time }: Changer, { cdb }: ScsiCommand): Promise<Outcome> {
  const state = home.state();
  const picker = be16(cdb, 2);
  if ((cdb[8]! & 0x01) !== 0) return check(invalidField(8));
  const isPicker = picker === 0 || elementAt(state, picker)?.where === "transport";
  if (!isPicker || elementAt(state, be16(cdb, 4)) === undefined) return check(senses.invalidElement);
  await time.pass(robotFigures.moveMs / 2);
  return good;
}

/** OPEN/CLOSE IMPORT/EXPORT ELEMENT (SMC-3): all mail slots are behind one door. */
async function operateMailDoor({ home }: Changer, { cdb }: ScsiCommand): Promise<Outcome> {
  const action = cdb[4]! & 0x1f;
  if (action > 1) return check(invalidField(4));
  if (elementAt(home.state(), be16(cdb, 2))?.where !== "mailSlot") return check(senses.invalidElement);
  if (action === 0 && (await home.mailSlotsHeld())) return check(senses.removalPrevented);
  await home.change((state) => ({ state: action === 0 ? openMailDoor(state) : closeMailDoor(state), result: undefined }));
  return good;
}

async function preventRemoval(unit: Changer, { cdb }: ScsiCommand): Promise<Outcome> {
  if (cdb[4]! > 1) return check(invalidField(4));
  if (cdb[4] === 0) await letMailSlotsGo(unit, unit.caller);
  else if (!unit.mailSlotHolds.has(unit.caller)) unit.mailSlotHolds.set(unit.caller, await unit.home.holdMailSlots());
  return good;
}

export async function letMailSlotsGo(unit: Changer, nexus: string): Promise<void> {
  const release = unit.mailSlotHolds.get(nexus);
  unit.mailSlotHolds.delete(nexus);
  await release?.();
}

function modeParameters({ home, descriptorSense }: Changer): ModeParameters {
  return { mediumType: 0, deviceSpecific: 0, blockDescriptor: [], pages: modePagesOf(home.state(), descriptorSense) };
}

function modeSelect(unit: Changer, command: ScsiCommand): Outcome {
  const selection = parseModeSelect(command);
  if ("key" in selection) return check(selection);
  if (selection.blockDescriptor !== undefined || !acceptsSelection(modeParameters(unit), selection)) return check(senses.invalidParameter);
  const control = selection.pages.find(({ page, subpage }) => page === 0x0a && subpage === 0);
  if (control === undefined) return good;
  unit.descriptorSense = deviceOptions(control.bytes).descriptorSense;
  unit.attentions.raise(senses.modeParametersChanged, unit.caller);
  return good;
}
