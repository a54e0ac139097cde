import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, encodeSense, field, type Outcome, type SenseFields } from "../wire/index.ts";

/** REQUEST SENSE (SPC-5, 6.39): sense as data, in the format that its DESC bit asks for. */
export function requestSense(sense: SenseFields, command: ScsiCommand): Outcome {
  return answer(command, encodeSense(sense, (command.cdb[1]! & 0x01) !== 0), command.cdb[4]!);
}

/** REPORT LUNS (SPC-5, 6.33) with units 0 to `count - 1`. */
export function reportLuns(count: number, command: ScsiCommand): Outcome {
  const allocationBytes = new DataView(command.cdb.buffer, command.cdb.byteOffset).getUint32(6);
  const units = Array.from({ length: count }, (_, unit) => [0, unit, 0, 0, 0, 0, 0, 0]).flat();
  return answer(command, [...field(units.length, 4), ...field(0, 4), ...units], allocationBytes);
}
