import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be32, check, field, invalidField, type Outcome } from "../wire/index.ts";

const headerBytes = 8;

/** REPORT LUNS (SPC-5, 6.34) with its SELECT REPORT: all units, none that are well known, none that administer others. */
export function reportLuns(units: readonly number[], command: ScsiCommand): Outcome {
  const { cdb } = command;
  const select = cdb[2]!;
  if (select > 0x02 && (select < 0x10 || select > 0x12)) return check(invalidField(2));
  if (be32(cdb, 6) < headerBytes * 2) return check(invalidField(6));
  const reported = select === 0x00 || select === 0x02 || select === 0x11 ? units : [];
  // Single-level addresses, by peripheral device below 256 and flat above (SAM-5, 4.7.7).
  const addresses = reported.flatMap((lun) => [lun < 256 ? 0 : 0x40 | (lun >> 8), lun & 0xff, 0, 0, 0, 0, 0, 0]);
  return answer(command, [...field(addresses.length, 4), ...field(0, 4), ...addresses], be32(cdb, 6));
}
