import { type ScsiCommand, status } from "../../src/scsi/index.ts";
import { type DamagedStretch, stretchAt, writtenOver } from "../home/index.ts";
import { check, type Outcome, type SenseFields, senses } from "../wire/index.ts";
import type { Drive, Medium } from "./model.ts";

/** What the block at the position says to a head; undefined where it reads. */
export function readingTrouble(medium: Medium): SenseFields | undefined {
  const { tries, position } = medium;
  const stretch = spotAt(medium);
  if (stretch === undefined) return undefined;
  const { readAtTry } = stretch;
  return readAtTry !== null && tries.succeeds(position, readAtTry) ? undefined : senses.unreadable;
}

/** Why nothing can be recorded at the position; undefined where it can, and what writing heals is well then. */
export async function writingTrouble(drive: Drive, medium: Medium): Promise<SenseFields | undefined> {
  if (spotAt(medium)?.whenWritten === "fails") return senses.unwritable;
  await heal(drive, medium);
  return undefined;
}

/** What is behind the position is gone, whatever it was, and the end of data is new. */
export async function heal(drive: Drive, medium: Medium): Promise<void> {
  const { position, cartridge } = medium;
  if (!isInFirstPartition(medium) || writtenOver(medium.damage, position) === medium.damage) return;
  medium.damage = await drive.home.changeDamage(cartridge.facts.barcode, (damage) => writtenOver(damage, position));
}

function spotAt(medium: Medium): DamagedStretch | undefined {
  return isInFirstPartition(medium) ? stretchAt(medium.damage, medium.position) : undefined;
}

/** What is broken of a tape is in its first partition. */
function isInFirstPartition({ cartridge }: Medium): boolean {
  return cartridge.store.partition === 0;
}

const endOfData = 0x0005;

/**
 * What a command comes to on such a tape: where it meets an end of data that cannot be found it says so and stays behind the last object; where data
 * came at a later try it says that, if all else is well (SPC-5, 4.4.8: RECOVERED ERROR is no failure).
 */
export function onBrokenTape(medium: Medium | undefined, { cdb }: ScsiCommand, outcome: Outcome): Outcome {
  if (medium === undefined) return outcome;
  if (medium.tries.takeRecovered() && outcome.status === status.good) return check(senses.readAtLast, outcome.transferredBytes);
  if (!medium.damage.isEndOfDataDamaged || !isInFirstPartition(medium)) return outcome;
  if (outcome.sense?.code === endOfData) return check({ ...outcome.sense, key: senses.endOfDataNotFound.key, code: senses.endOfDataNotFound.code }, outcome.transferredBytes);
  const isThere = outcome.status === status.good && medium.position === medium.cartridge.store.index.objectCount;
  return isThere && looksForEnd(cdb) ? check(senses.endOfDataNotFound) : outcome;
}

/** SPACE to the end of data, LOCATE to it, and LOCATE to the place behind the last object (SSC-5, 5.4, 5.5, 5.10 and 5.11). */
function looksForEnd(cdb: Uint8Array): boolean {
  const isSpace = cdb[0] === 0x11 || cdb[0] === 0x91;
  const isLocate = cdb[0] === 0x2b || cdb[0] === 0x92;
  return isLocate || (isSpace && (cdb[1]! & 0x0f) === 3);
}
