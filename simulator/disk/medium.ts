import type { ScsiCommand } from "../../src/scsi/index.ts";
import { check, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import type { Disk } from "./model.ts";

/** START STOP UNIT (SBC-4, 5.35): starts and stops, loads and ejects, unless somebody prevents it. */
export function startStop(disk: Disk, { cdb }: ScsiCommand): Outcome {
  const powerCondition = cdb[4]! >> 4;
  const [isStart, isEject] = [(cdb[4]! & 0x01) !== 0, (cdb[4]! & 0x02) !== 0];
  // Active, idle, standby and back to the timers: none of them is to be noticed, and START and LOEJ are ignored then.
  if (powerCondition !== 0) return [1, 2, 3, 7, 10, 11].includes(powerCondition) ? good : check(invalidField(4));
  if (!isEject) {
    if (isStart && !disk.isLoaded) return check(senses.noMedium);
    disk.isStarted = isStart;
    return good;
  }
  if (!isStart && disk.removalPreventedBy.size > 0) return check(senses.removalPrevented);
  if (isStart && !disk.isLoaded) disk.attentions.raise(senses.mediumMayHaveChanged, disk.caller);
  disk.isLoaded = isStart;
  disk.isStarted = isStart;
  return good;
}

/** PREVENT ALLOW MEDIUM REMOVAL (SBC-4, 5.14). */
export function preventRemoval(disk: Disk, { cdb }: ScsiCommand): Outcome {
  if ((cdb[4]! & 0x03) > 1) return check(invalidField(4));
  if ((cdb[4]! & 0x01) !== 0) disk.removalPreventedBy.add(disk.caller);
  else disk.removalPreventedBy.delete(disk.caller);
  return good;
}
