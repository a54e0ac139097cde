import { type ScsiCommand, status } from "../../src/scsi/index.ts";
import type { Clock } from "../../src/words/index.ts";
import { check, conflict, invalidField, type LogicalUnit, type Nexus, type Outcome, senses } from "../wire/index.ts";
import { DataBuffers } from "./buffers.ts";
import type { Device } from "./device.ts";
import type { KnownCommand } from "./opcodes.ts";
import { type PrimaryCommand, type PrimaryState, primaryCommands } from "./primary.ts";
import type { Reservations } from "./reservations/index.ts";
import { Timestamp } from "./timestamp.ts";

export interface UnitParts {
  readonly device: Device;
  readonly reservations: Reservations;
  /** Numbers of all units of the library. */
  readonly units: readonly number[];
  readonly clock: Clock;
}

/**
 * Commands that answer although a unit attention is waiting, and leave it waiting (SAM-5, 5.14): INQUIRY, REPORT LUNS. REQUEST SENSE
 * reports it itself.
 */
const pastAttention: ReadonlySet<number> = new Set([0x03, 0x12, 0xa0]);

/** A device with what every logical unit has: attentions and reservations before each command, and the commands of SPC. */
export function primaryUnit({ device, reservations, units, clock }: UnitParts): LogicalUnit {
  const { attentions } = device;
  const commands = commandsOf(device);
  const known = [...commands.values()].flat().sort((a, b) => a.opcode - b.opcode || (a.serviceAction ?? 0) - (b.serviceAction ?? 0));
  const state: PrimaryState = { device, attentions, reservations, timestamp: new Timestamp(clock), buffers: new DataBuffers(), units, known };
  return {
    connect: (nexus: Nexus) => {
      attentions.connect(nexus.name);
      reservations.connect(nexus);
    },
    disconnect: async (nexus) => {
      attentions.disconnect(nexus);
      reservations.disconnect(nexus);
      state.buffers.departed(nexus);
      await device.disconnect(nexus);
    },
    execute: async (command, nexus) => {
      await device.notice();
      const outcome = await execute(state, commands, command, nexus);
      return { outcome: withList(command, outcome), descriptorSense: device.descriptorSense() };
    },
    tell: (attention) => { attentions.raise(attention); },
    descriptorSense: () => device.descriptorSense(),
    position: () => device.position?.(),
    loseReservations: () => { reservations.loseAll((to, sense) => { attentions.raiseFor(to, sense); }); },
    loseBuffer: async () => { await device.loseBuffer?.(); },
    reset: async () => {
      reservations.reset();
      await device.reset();
      attentions.restart(senses.wasReset);
    },
    powerCycle: async () => {
      reservations.powerLost();
      state.timestamp.powerLost();
      state.buffers.powerLost();
      await device.powerCycle();
      attentions.restart(senses.poweredOn);
    },
    close: () => device.close(),
  };
}

/** A parameter list that was accepted was taken whole. */
function withList({ dataOut }: ScsiCommand, outcome: Outcome): Outcome {
  const isTaken = outcome.status === status.good && outcome.transferredBytes === 0 && dataOut !== undefined;
  return isTaken ? { ...outcome, transferredBytes: dataOut.length } : outcome;
}

/** Without `run` it is the device's own. */
interface TableEntry extends KnownCommand {
  readonly run: PrimaryCommand["run"] | undefined;
}

type CommandTable = ReadonlyMap<number, readonly TableEntry[]>;

/** By opcode: those of the device, and those that it shares with all others. */
function commandsOf(device: Device): CommandTable {
  const table = new Map<number, TableEntry[]>();
  for (const one of [...device.commands.map((known) => ({ ...known, run: undefined })), ...primaryCommands]) {
    const alike = table.get(one.opcode) ?? [];
    if (!alike.some(({ serviceAction }) => serviceAction === undefined || serviceAction === one.serviceAction)) alike.push(one);
    table.set(one.opcode, alike);
  }
  return table;
}

async function execute(state: PrimaryState, commands: CommandTable, command: ScsiCommand, nexus: string): Promise<Outcome> {
  const { device, attentions, reservations } = state;
  const { cdb } = command;
  const opcode = cdb[0]!;
  if (!pastAttention.has(opcode)) {
    const attention = attentions.take(nexus);
    if (attention !== undefined) return check(attention);
  }
  const alike = commands.get(opcode);
  if (alike === undefined || cdb.length * 2 < alike[0]!.usage.length) return check(senses.unknownOpcode);
  const known = alike.find(({ serviceAction }) => serviceAction === undefined || serviceAction === (cdb[1]! & 0x1f));
  if (known === undefined) return check(invalidField(1));
  if (reservations.forbids(nexus, cdb)) return conflict;
  return known.run === undefined ? await device.execute(command, nexus) : known.run(state, command, nexus);
}
