import { type ScsiCommand, status } from "../../src/scsi/index.ts";
import { type Outcome, senseKey } from "../wire/index.ts";
import type { Direction } from "./care/index.ts";
import type { Drive } from "./model.ts";

const directions: ReadonlyMap<number, Direction> = new Map([[0x08, "reading"], [0x13, "reading"], [0x0a, "writing"], [0x10, "writing"]]);
const recovered: ReadonlySet<number> = new Set([0x17, 0x18]);

/** Whatever a command ended with, in the counters that pages 02, 03, 14, 16 and 17 tell. */
export function countErrors({ errors, life }: Drive, { cdb }: ScsiCommand, { status: ended, sense, transferredBytes }: Outcome): void {
  const opcode = cdb[0]!;
  const direction = directions.get(opcode);
  if (direction !== undefined) errors.add(direction, { bytes: transferredBytes });
  if (ended !== status.checkCondition || sense === undefined) return;
  const { key, code } = sense;
  const isHard = key === senseKey.mediumError || key === senseKey.hardwareError;
  if (isHard) errors.note({ opcode, key, code });
  if (direction === undefined) return;
  if (key === senseKey.recoveredError && recovered.has(code >> 8)) errors.add(direction, { retries: 1 });
  if (!isHard) return;
  errors.add(direction, { uncorrected: 1 });
  life.countHardError(direction === "reading" ? "hardReadErrors" : "hardWriteErrors");
}
