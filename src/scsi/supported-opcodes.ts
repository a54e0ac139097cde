import { be16, be32, putNumber } from "./bytes.ts";
import { opcode } from "./opcodes.ts";

/** A command that a device knows, as REPORT SUPPORTED OPERATION CODES tells (SPC-5, 6.35). */
export interface SupportedOpcode {
  readonly opcode: number;
  readonly serviceAction: number | undefined;
  /** How long it usually takes, in seconds; 0 where the device does not tell. */
  readonly nominalSeconds: number;
  /** How long to wait before anybody thinks of a fault, in seconds; 0 where the device does not tell. */
  readonly recommendedSeconds: number;
}

/** All commands, with time-outs (RCTD). */
export function reportOpcodesCdb(allocationBytes: number): Uint8Array {
  const cdb = new Uint8Array(12);
  cdb[0] = opcode.maintenanceIn;
  cdb[1] = 0x0c;
  cdb[2] = 0x80;
  putNumber(cdb, 6, 4, allocationBytes);
  return cdb;
}

const descriptorBytes = 8;
const timeoutsBytes = 12;

/** A descriptor that is cut off is left out, and what follows it. */
export function parseSupportedOpcodes(data: Uint8Array): readonly SupportedOpcode[] {
  const found: SupportedOpcode[] = [];
  const end = data.length < 4 ? 0 : Math.min(data.length, 4 + be32(data, 0));
  for (let at = 4; at + descriptorBytes <= end; ) {
    const flags = data[at + 5] ?? 0;
    const hasTimeouts = (flags & 0x02) !== 0;
    const timeoutsAt = at + descriptorBytes;
    if (hasTimeouts && timeoutsAt + timeoutsBytes > end) break;
    found.push({
      opcode: data[at] ?? 0,
      serviceAction: (flags & 0x01) === 0 ? undefined : be16(data, at + 2),
      nominalSeconds: hasTimeouts ? be32(data, timeoutsAt + 4) : 0,
      recommendedSeconds: hasTimeouts ? be32(data, timeoutsAt + 8) : 0,
    });
    at = timeoutsAt + (hasTimeouts ? Math.max(timeoutsBytes, 2 + be16(data, timeoutsAt)) : 0);
  }
  return found;
}

export function buildSupportedOpcodes(commands: readonly SupportedOpcode[]): Uint8Array {
  const each = descriptorBytes + timeoutsBytes;
  const data = new Uint8Array(4 + commands.length * each);
  putNumber(data, 0, 4, data.length - 4);
  commands.forEach((command, index) => {
    const at = 4 + index * each;
    data[at] = command.opcode;
    putNumber(data, at + 2, 2, command.serviceAction ?? 0);
    data[at + 5] = 0x02 | (command.serviceAction === undefined ? 0 : 0x01);
    putNumber(data, at + 6, 2, command.opcode < 0x20 ? 6 : 16);
    putNumber(data, at + descriptorBytes, 2, timeoutsBytes - 2);
    putNumber(data, at + descriptorBytes + 4, 4, command.nominalSeconds);
    putNumber(data, at + descriptorBytes + 8, 4, command.recommendedSeconds);
  });
  return data;
}
