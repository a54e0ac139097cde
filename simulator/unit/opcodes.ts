import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be16, be32, check, field, invalidField, type Outcome } from "../wire/index.ts";

/** One command that a logical unit knows, with the bits of its CDB that it looks at (SPC-5, 6.35.3). */
export interface KnownCommand {
  readonly opcode: number;
  readonly serviceAction?: number;
  /** One byte per byte of the CDB, in hexadecimal. */
  readonly usage: string;
  readonly timeoutSeconds: number;
}

/** REPORT SUPPORTED OPERATION CODES (SPC-5, 6.35): all of them, or one with its usage, each with time-outs when asked for. */
export function reportSupportedOpcodes(known: readonly KnownCommand[], command: ScsiCommand): Outcome {
  const { cdb } = command;
  const withTimeouts = (cdb[2]! & 0x80) !== 0;
  const allocationBytes = be32(cdb, 6);
  const option = cdb[2]! & 0x07;
  if (option === 0) {
    const descriptors = known.flatMap((one) => descriptor(one, withTimeouts));
    return answer(command, [...field(descriptors.length, 4), ...descriptors], allocationBytes);
  }
  const ofOpcode = known.filter((one) => one.opcode === cdb[3]);
  const hasActions = ofOpcode.some((one) => one.serviceAction !== undefined);
  // Option 1 is for commands without service actions, 2 for those with, 3 for both: SPC-5, table 238.
  if (option > 3 || (option === 1 && hasActions) || (option === 2 && ofOpcode.length > 0 && !hasActions))
    {return check(invalidField(2));}
  const wanted = hasActions ? ofOpcode.find((one) => one.serviceAction === be16(cdb, 4)) : ofOpcode[0];
  if (wanted === undefined) return answer(command, [0, 0x01, 0, 0], allocationBytes);
  const usage = usageOf(wanted);
  const flags = 0x03 | (withTimeouts ? 0x80 : 0);
  return answer(
    command,
    [0, flags, ...field(usage.length, 2), ...usage, ...(withTimeouts ? timeouts(wanted) : [])],
    allocationBytes,
  );
}

/** A service action stands in the map as itself: it is given, not a field to fill. */
function usageOf({ usage, serviceAction }: KnownCommand): number[] {
  const bytes = [...Buffer.from(usage, "hex")];
  if (serviceAction !== undefined) bytes[1] = (bytes[1]! & ~0x1f) | serviceAction;
  return bytes;
}

function descriptor(one: KnownCommand, withTimeouts: boolean): number[] {
  const flags = (withTimeouts ? 0x02 : 0) | (one.serviceAction === undefined ? 0 : 0x01);
  const body = [one.opcode, 0, ...field(one.serviceAction ?? 0, 2), 0, flags, ...field(one.usage.length / 2, 2)];
  return withTimeouts ? [...body, ...timeouts(one)] : body;
}

function timeouts(one: KnownCommand): number[] {
  return [0x00, 0x0a, 0, 0, ...field(0, 4), ...field(one.timeoutSeconds, 4)];
}
