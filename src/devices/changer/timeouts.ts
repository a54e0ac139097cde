import { converse, opcode, parseSupportedOpcodes, reportOpcodesCdb, senseKey, senseMeaning, type SupportedOpcode, type Transport } from "../../scsi/index.ts";
import type { Clock } from "../../words/index.ts";

const minuteMs = 60_000;

/** How long each kind of command may take before the changer counts as lost. */
export interface ChangerLimits {
  readonly question: number;
  readonly status: number;
  readonly move: number;
  readonly audit: number;
}

export const defaultLimits: ChangerLimits = { question: minuteMs, status: 5 * minuteMs, move: 15 * minuteMs, audit: 60 * minuteMs };

/** A changer that answers nonsense must not hold a job for days. */
const ceilingFactor = 4;
const opcodesBytes = 8 * 1024;

/**
 * What the changer recommends for itself (REPORT SUPPORTED OPERATION CODES with time-outs), but never less than the defaults: a movement
 * that is broken off leaves a cartridge nobody knows where, and no maker's figure knows how full and how long a library is.
 */
export function chooseLimits(supported: readonly SupportedOpcode[]): ChangerLimits {
  const longest = (kind: keyof ChangerLimits, ...opcodes: readonly number[]): number => {
    const told = supported.filter((one) => opcodes.includes(one.opcode)).map((one) => Math.max(one.nominalSeconds, one.recommendedSeconds) * 1000);
    return Math.max(defaultLimits[kind], Math.min(Math.max(0, ...told), defaultLimits[kind] * ceilingFactor));
  };
  return {
    question: defaultLimits.question,
    status: longest("status", opcode.readElementStatus),
    move: longest("move", opcode.moveMedium),
    audit: longest("audit", opcode.initializeElementStatus, opcode.initializeElementStatusRange),
  };
}

/** Asks the changer; the defaults where it does not tell. Moves nothing. */
export async function learnLimits(transport: Transport, clock: Clock): Promise<ChangerLimits> {
  const dataIn = new Uint8Array(opcodesBytes);
  const command = { cdb: reportOpcodesCdb(opcodesBytes), dataIn, timeoutMs: minuteMs };
  const patience = { absorbs: () => true, waitsFor: () => false, waitMs: 0 };
  const { sense, transferredBytes } = await converse(transport, clock, command, patience);
  const isAnswer = sense === undefined || (sense.key === senseKey.recoveredError && senseMeaning(sense).senseClass === "result");
  return chooseLimits(isAnswer ? parseSupportedOpcodes(dataIn.subarray(0, transferredBytes)) : []);
}
