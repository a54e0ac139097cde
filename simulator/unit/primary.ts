import type { ScsiCommand } from "../../src/scsi/index.ts";
import { check, good, type Outcome, senses } from "../wire/index.ts";
import type { Attentions } from "./attentions.ts";
import type { DataBuffers } from "./buffers.ts";
import type { Device } from "./device.ts";
import { receiveDiagnosticResults, reportTaskManagement, sendDiagnostic } from "./diagnostics.ts";
import { inquiry } from "./inquiry.ts";
import { type KnownCommand, reportSupportedOpcodes } from "./opcodes.ts";
import { reportLuns } from "./report-luns.ts";
import { requestSense } from "./request-sense.ts";
import type { Reservations } from "./reservations/index.ts";
import type { Timestamp } from "./timestamp.ts";

/** What the commands that all kinds of device have in common work on. */
export interface PrimaryState {
  readonly device: Device;
  readonly attentions: Attentions;
  readonly reservations: Reservations;
  readonly timestamp: Timestamp;
  readonly buffers: DataBuffers;
  /** Of the whole library, for REPORT LUNS. */
  readonly units: readonly number[];
  /** All commands that the unit has, by rising opcode. */
  readonly known: readonly KnownCommand[];
}

export type RunPrimary = (state: PrimaryState, command: ScsiCommand, nexus: string) => Outcome;

export interface PrimaryCommand extends KnownCommand {
  readonly run: RunPrimary;
}

const reserve: RunPrimary = ({ reservations }, command, nexus) => reservations.reserve(nexus, command);
const release: RunPrimary = ({ reservations }, command, nexus) => reservations.release(nexus, command);

/** SPC-5, table 137. */
export const primaryCommands: readonly PrimaryCommand[] = [
  command("000000000000", ({ device }) => answerReadiness(device)),
  command("03010000ff00", ({ device, attentions }, asked, nexus) => requestSense(attentions.take(nexus) ?? device.condition() ?? senses.none, asked)),
  command("1201ffffff00", ({ device }, asked) => inquiry(device.identity(), asked)),
  command("161300000000", reserve),
  command("171300000000", release),
  command("1c01ffffff00", (_, asked) => receiveDiagnosticResults(asked)),
  command("1df700ffff00", (_, asked) => sendDiagnostic(asked), 2000),
  command("3b1fffffffffffffff00", ({ buffers }, asked, nexus) => buffers.write(nexus, asked), 540),
  command("3c1fffffffffffffff00", ({ buffers }, asked, nexus) => buffers.read(nexus, asked), 480),
  command("56130000000000000000", reserve),
  command("57130000000000000000", release),
  ...[0, 1, 2, 3].map((action) => ofAction(action, "5e1f0000000000ffff00", ({ reservations }, asked) => reservations.persistentIn(asked))),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((action) => ofAction(action, "5f1fff0000ffffffff00", persistentOut)),
  command("a000ff000000ffffffff0000", ({ units }, asked) => reportLuns(units, asked)),
  ofAction(0x0c, "a31f87ffffffffffffff0000", ({ known }, asked) => reportSupportedOpcodes(known, asked)),
  ofAction(0x0d, "a31f80000000ffffffff0000", (_, asked) => reportTaskManagement(asked)),
  ofAction(0x0f, "a31f00000000ffffffff0000", ({ timestamp }, asked) => timestamp.report(asked)),
  ofAction(0x0f, "a41f00000000ffffffff0000", setTimestamp),
];

function command(usage: string, run: RunPrimary, timeoutSeconds = 60): PrimaryCommand {
  return { opcode: Number.parseInt(usage.slice(0, 2), 16), usage, timeoutSeconds, run };
}

function ofAction(serviceAction: number, usage: string, run: RunPrimary): PrimaryCommand {
  return { ...command(usage, run), serviceAction };
}

function answerReadiness(device: Device): Outcome {
  const condition = device.condition();
  return condition === undefined ? good : check(condition);
}

function persistentOut({ reservations, attentions }: PrimaryState, command: ScsiCommand, nexus: string): Outcome {
  return reservations.persistentOut(nexus, command, (to, sense) => { attentions.raiseFor(to, sense); });
}

function setTimestamp({ timestamp, attentions }: PrimaryState, command: ScsiCommand, nexus: string): Outcome {
  const outcome = timestamp.set(command);
  if (outcome === good) attentions.raise(senses.timestampChanged, nexus);
  return outcome;
}
