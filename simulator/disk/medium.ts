import type { ScsiCommand } from "../../src/scsi/index.ts";
import { check, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import type { Disk } from "./model.ts";

/**
 * START STOP UNIT (SBC-4, 5.35): loads and ejects, unless somebody prevents either. Nothing turns: neither a power condition nor to stop is to be
 * noticed.
 */
export function startStop(disk: Disk, { cdb }: ScsiCommand): Outcome {
  const powerCondition = cdb[4]! >> 4;
  const [isStart, isEject] = [(cdb[4]! & 0x01) !== 0, (cdb[4]! & 0x02) !== 0];
  if (powerCondition !== 0) return good;
  if (!isEject) return isStart && !disk.isLoaded ? check(senses.noMedium) : good;
  if (disk.removalPreventedBy.size > 0) return check(senses.removalPrevented);
  if (isStart && !disk.isLoaded) disk.attentions.raise(senses.mediumMayHaveChanged, disk.caller);
  disk.isLoaded = isStart;
  return good;
}

/** PREVENT ALLOW MEDIUM REMOVAL (SBC-4, 5.14). */
export function preventRemoval(disk: Disk, { cdb }: ScsiCommand): Outcome {
  if ((cdb[4]! & 0x03) > 1) return check(invalidField(4));
  if ((cdb[4]! & 0x01) !== 0) disk.removalPreventedBy.add(disk.caller);
  else disk.removalPreventedBy.delete(disk.caller);
  return good;
}
