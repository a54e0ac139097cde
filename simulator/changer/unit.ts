import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { LibraryHome, LibraryState, Release } from "../home/index.ts";
import { type MachineTime, robotFigures } from "../time/index.ts";
import {
  acceptsSelection,
  Attentions,
  controlPages,
  type Device,
  deviceOptions,
  type KnownCommand,
  logSense,
  modeSense,
  type ModePage,
  type ModeParameters,
  parseModeSelect,
  type UnitIdentity,
} from "../unit/index.ts";
import { be16, check, field, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import { readElementStatus } from "./element-status.ts";
import { elementAt, firstAddressOf } from "./elements.ts";
import { exchangeMedium, moveMedium, type MoveResult } from "./moving.ts";

const changer = { vendor: "VIRTUAL", product: "TAPE LIBRARY", revision: "0100" } as const;
const driveNames = { vendor: "VIRTUAL", product: "ULTRIUM-TD8" } as const;

/** The changer for all that are connected to it. Several may be open, in several processes: each command takes the library for itself. */
interface Changer {
  readonly home: LibraryHome;
  readonly time: MachineTime;
  readonly attentions: Attentions;
  handsSeen: number;
  descriptorSense: boolean;
  /** The path whose command is under way. */
  caller: string;
  /** Who keeps the mail slots shut. */
  readonly mailSlotHolds: Map<string, Release>;
}

type Reply = Outcome | Promise<Outcome>;

interface ChangerCommand {
  readonly usage: string;
  readonly run: (changer: Changer, command: ScsiCommand) => Reply;
}

export function openChangerUnit(home: LibraryHome, time: MachineTime): Device {
  const unit: Changer = {
    home,
    time,
    attentions: new Attentions(),
    handsSeen: home.state().handsAtMailSlots,
    descriptorSense: false,
    caller: "",
    mailSlotHolds: new Map(),
  };
  return {
    attentions: unit.attentions,
    commands: knownCommands,
    identity: () => identityOf(unit),
    notice: () => {
      noticeHands(unit);
      return Promise.resolve();
    },
    condition: () => undefined,
    descriptorSense: () => unit.descriptorSense,
    disconnect: (nexus) => letMailSlotsGo(unit, nexus),
    execute: async (command, nexus) => {
      unit.caller = nexus;
      return await changerCommands.get(command.cdb[0]!)!.run(unit, command);
    },
    reset: () => beginAnew(unit),
    powerCycle: () => beginAnew(unit),
    close: () => beginAnew(unit),
  };
}

async function beginAnew(unit: Changer): Promise<void> {
  for (const nexus of [...unit.mailSlotHolds.keys()]) await letMailSlotsGo(unit, nexus);
  unit.descriptorSense = false;
}

function noticeHands(unit: Changer): void {
  const hands = unit.home.state().handsAtMailSlots;
  if (hands === unit.handsSeen) return;
  unit.handsSeen = hands;
  unit.attentions.raise(senses.mailSlotAccessed);
}

/** SMC-3, table 17. */
const changerCommands: ReadonlyMap<number, ChangerCommand> = new Map<number, ChangerCommand>([
  [0x07, { usage: "070000000000", run: () => good }],
  [0x15, { usage: "15110000ff00", run: modeSelect }],
  [0x1a, { usage: "1a08ffffff00", run: modes }],
  [0x1b, { usage: "1b0000001f00", run: (_, { cdb }) => ((cdb[4]! & 0x1f) > 1 ? check(invalidField(4)) : good) }],
  [0x1e, { usage: "1e0000000300", run: preventRemoval }],
  [0x2b, { usage: "2b00ffffffff00000100", run: positionToElement }],
  [0x4d, { usage: "4d01ffff00ffffffff00", run: (_, command) => logSense(logPages, command) }],
  [0x55, { usage: "55110000000000ffff00", run: modeSelect }],
  [0x5a, { usage: "5a18ffff000000ffff00", run: modes }],
  [
    0xa5,
    { usage: "a500ffffffffffff00000100", run: moves((state, cdb, shut) => moveMedium(state, be16(cdb, 4), be16(cdb, 6), shut)) },
  ],
  [
    0xa6,
    {
      usage: "a600ffffffffffffffff0300",
      run: moves((state, cdb, shut) => exchangeMedium(state, be16(cdb, 4), be16(cdb, 6), be16(cdb, 8), shut)),
    },
  ],
  [
    0xb8,
    { usage: "b81fffffffff03ffffff0000", run: (unit, command) => readElementStatus(unit.home.state(), driveNames, command) },
  ],
  [0xe7, { usage: "e70100ffff00ffff0000", run: () => good }],
]);

const knownCommands: readonly KnownCommand[] = [...changerCommands].map(([opcode, { usage }]) => ({ opcode, usage, timeoutSeconds: 300 }));

const logPages = new Map([[0x2e, () => Array.from({ length: 32 }, (_, at) => ({ code: at + 1, value: [0] }))]]);

/** The transport address may be 0, the default one, or that of the gripper. Neither command turns cartridges over. */
function moves(move: (state: LibraryState, cdb: Uint8Array, mailSlotsShut: boolean) => MoveResult): ChangerCommand["run"] {
  return async (unit, { cdb }) => {
    const gripper = be16(cdb, 2);
    if (gripper !== 0 && gripper !== firstAddressOf("transport")) return check(senses.invalidElement);
    if ((cdb[10]! & 0x03) !== 0) return check(invalidField(10));
    const mailSlotsShut = await unit.home.mailSlotsHeld();
    const refusal = await unit.home.change((state) => {
      const moved = move(state, cdb, mailSlotsShut);
      return "refusal" in moved ? { state, result: moved.refusal } : { state: moved.state, result: undefined };
    });
    if (refusal !== undefined) return check(refusal);
    await unit.time.pass(robotFigures.moveMs);
    return good;
  };
}

function positionToElement(unit: Changer, { cdb }: ScsiCommand): Outcome {
  const gripper = be16(cdb, 2);
  const isKnown =
    (gripper === 0 || gripper === firstAddressOf("transport")) && elementAt(unit.home.state(), be16(cdb, 4)) !== undefined;
  return isKnown ? good : check(senses.invalidElement);
}

async function preventRemoval(unit: Changer, { cdb }: ScsiCommand): Promise<Outcome> {
  if (cdb[4]! > 1) return check(invalidField(4));
  if (cdb[4] === 0) await letMailSlotsGo(unit, unit.caller);
  else if (!unit.mailSlotHolds.has(unit.caller)) unit.mailSlotHolds.set(unit.caller, await unit.home.holdMailSlots());
  return good;
}

async function letMailSlotsGo(unit: Changer, nexus: string): Promise<void> {
  const release = unit.mailSlotHolds.get(nexus);
  unit.mailSlotHolds.delete(nexus);
  await release?.();
}

function modes(unit: Changer, command: ScsiCommand): Outcome {
  return modeSense(modeParameters(unit), command);
}

function modeParameters(unit: Changer): ModeParameters {
  return { mediumType: 0, deviceSpecific: 0, blockDescriptor: [], pages: pagesOf(unit) };
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

/** Control, and element addresses, transport geometry and capabilities (SMC-3, 7.3). */
function pagesOf(unit: Changer): readonly ModePage[] {
  const { slots, mailSlots, drives } = unit.home.state();
  const range = (where: "transport" | "slot" | "mailSlot" | "drive", count: number): number[] => [
    ...field(firstAddressOf(where), 2),
    ...field(count, 2),
  ];
  const addresses = [
    ...range("transport", 1),
    ...range("slot", slots.length),
    ...range("mailSlot", mailSlots.length),
    ...range("drive", drives.length),
  ];
  return [
    ...controlPages({ descriptorSense: unit.descriptorSense }),
    { page: 0x1d, subpage: 0, bytes: [0x1d, 0x12, ...addresses, 0, 0] },
    { page: 0x1e, subpage: 0, bytes: [0x1e, 0x02, 0, 0] },
    // Slots, mail slots and drives store; everything moves to and is exchanged with everything but the gripper.
    { page: 0x1f, subpage: 0, bytes: [0x1f, 0x12, 0x0e, 0, 0, 0x0e, 0x0e, 0x0e, 0, 0, 0, 0, 0, 0x0e, 0x0e, 0x0e, 0, 0, 0, 0] },
  ];
}

function identityOf(unit: Changer): UnitIdentity {
  return { deviceType: 0x08, ...changer, serial: unit.home.state().serial, versions: [0x00a0, 0x0460, 0x0480], pages: new Map() };
}
