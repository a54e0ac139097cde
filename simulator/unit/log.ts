import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be16, check, field, invalidField, type Outcome } from "../wire/index.ts";

/** Parameter code → value, by page code. Page 00 is made of the others. */
export type LogPages = ReadonlyMap<number, () => readonly LogParameter[]>;

export interface LogParameter {
  readonly code: number;
  readonly value: readonly number[];
  /** SPC-5, 7.3.2.2.2.1: the format bits; 0 counter, 3 binary list. */
  readonly format?: number;
}

/** LOG SENSE (SPC-5, 6.9). Values are the same for every page control: current counters have no thresholds here. */
export function logSense(pages: LogPages, command: ScsiCommand): Outcome {
  const { cdb } = command;
  if ((cdb[1]! & 0x01) !== 0) return check(invalidField(1));
  const page = cdb[2]! & 0x3f;
  if (cdb[3] !== 0) return check(invalidField(3));
  const parameters = pages.get(page);
  if (page !== 0 && parameters === undefined) return check(invalidField(2));
  const firstCode = be16(cdb, 5);
  const body =
    page === 0
      ? [0, ...[...pages.keys()].sort((a, b) => a - b)]
      : parameters!()
          .filter((one) => one.code >= firstCode)
          .flatMap(encode);
  return answer(command, [page, 0, ...field(body.length, 2), ...body], be16(cdb, 7));
}

function encode(parameter: LogParameter): number[] {
  return [...field(parameter.code, 2), parameter.format ?? 0x03, parameter.value.length, ...parameter.value];
}
