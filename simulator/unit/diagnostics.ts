import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be16, check, field, good, invalidField, type Outcome, senses } from "../wire/index.ts";

/** SEND DIAGNOSTIC (SPC-5, 6.42): the default self-test, which nothing fails; the one page is the list of pages. */
export function sendDiagnostic({ cdb, dataOut = new Uint8Array(0) }: ScsiCommand): Outcome {
  const isDefaultTest = (cdb[1]! & 0x04) !== 0;
  const listBytes = be16(cdb, 3);
  // Self-tests of other kinds have a log page for their results, which is not here.
  if ((cdb[1]! & 0xe0) !== 0) return check(invalidField(1));
  if (isDefaultTest) return listBytes === 0 ? good : check(invalidField(3));
  if (listBytes === 0) return good;
  if ((cdb[1]! & 0x10) === 0) return check(invalidField(1));
  const list = dataOut.subarray(0, listBytes);
  if (list.length < 4) return check(senses.parameterListLength);
  return list[0] === 0 && be16(list, 2) === 0 ? good : check(senses.invalidParameter);
}

/** RECEIVE DIAGNOSTIC RESULTS (SPC-5, 6.33): the list of pages. */
export function receiveDiagnosticResults(command: ScsiCommand): Outcome {
  const { cdb } = command;
  if ((cdb[1]! & 0x01) !== 0 && cdb[2] !== 0) return check(invalidField(2));
  return answer(command, [0, 0, ...field(1, 2), 0], be16(cdb, 3));
}

/** REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS (SPC-5, 6.36): abort a task or all, clear the task set, reset the unit. */
export function reportTaskManagement(command: ScsiCommand): Outcome {
  const { cdb } = command;
  const allocationBytes = ((cdb[6]! << 24) | (cdb[7]! << 16) | (cdb[8]! << 8) | cdb[9]!) >>> 0;
  if (allocationBytes < 4) return check(invalidField(6));
  const isExtended = (cdb[2]! & 0x80) !== 0;
  return answer(command, isExtended ? [0xd8, 0, 0, 12, ...field(0, 12)] : [0xd8, 0, 0, 0], allocationBytes);
}
