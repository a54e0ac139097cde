import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, encodeSense, type Outcome, type SenseFields } from "../wire/index.ts";

/** REQUEST SENSE (SPC-5, 6.39): sense as data, in the format that its DESC bit asks for. */
export function requestSense(sense: SenseFields, command: ScsiCommand): Outcome {
  return answer(command, encodeSense(sense, (command.cdb[1]! & 0x01) !== 0), command.cdb[4]!);
}
