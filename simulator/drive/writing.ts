import type { ScsiCommand } from "../../src/scsi/index.ts";
import { be24, check, good, invalidField, moved, type Outcome, senseKey } from "../wire/index.ts";
import { toRecord } from "./blocks.ts";
import { heal, writingTrouble } from "./broken-tape.ts";
import { passHead } from "./head-trouble.ts";
import { capacityOf, type Drive, filemarksThatFit, freeBytes, inEarlyWarning, inProgrammableWarning, type Medium, tapeBytes } from "./model.ts";
import { refuseErasing, refuseWriting } from "./overwriting.ts";
import { countChange } from "./volume-memory.ts";

/** WRITE(6) (SSC-5, 5.14). Writing anywhere makes that place the end of data. */
export async function write(drive: Drive, medium: Medium, command: ScsiCommand): Promise<Outcome> {
  const isFixed = (command.cdb[1]! & 0x01) !== 0;
  const { blockSizeBytes } = drive.settings;
  const length = be24(command.cdb, 2);
  if (isFixed && blockSizeBytes === 0) return check(invalidField(1));
  const guardBytes = drive.protection.writeBytes(drive.caller);
  if (!isFixed && length > drive.model.maxBlockBytes + guardBytes) return check(invalidField(2));
  if (length === 0) return good;
  const sizeBytes = isFixed ? blockSizeBytes + guardBytes : length;
  const count = isFixed ? length : 1;
  const data = command.dataOut ?? new Uint8Array(0);
  if (data.length < sizeBytes * count) return check(invalidField(2));
  const refusal = refuseWriting(drive, medium);
  if (refusal !== undefined) return check(refusal);
  for (let done = 0; done < count; done += 1) {
    const block = data.length === sizeBytes ? data : data.subarray(done * sizeBytes, (done + 1) * sizeBytes);
    // Before anything is written over: a block that is refused leaves the tape as it is.
    const record = toRecord(drive, medium, block);
    if ("refusal" in record) return check({ ...record.refusal, information: isFixed ? count - done : length }, done * sizeBytes);
    await endDataHere(medium);
    const trouble = (await writingTrouble(drive, medium)) ?? passHead(drive, "writing");
    if (trouble !== undefined) return check({ ...trouble, information: isFixed ? count - done : length }, done * sizeBytes);
    if (freeBytes(medium) < record.stored.length) return overflow(isFixed ? count - done : length, done * sizeBytes);
    await medium.cartridge.store.append(record.stored);
    medium.position += 1;
    drive.counters.bytesWritten += sizeBytes - guardBytes;
  }
  return written(drive, medium, sizeBytes * count);
}

/**
 * WRITE FILEMARKS(6) (SSC-5, 5.15). Without IMMED everything is on the medium when it answers; a count of 0 is how to ask for
 * that.
 */
export async function writeFilemarks(drive: Drive, medium: Medium, command: ScsiCommand): Promise<Outcome> {
  const isImmediate = (command.cdb[1]! & 0x01) !== 0;
  if ((command.cdb[1]! & 0x02) !== 0) return check(invalidField(1));
  const count = be24(command.cdb, 2);
  const { store } = medium.cartridge;
  if (count === 0) {
    if (!isImmediate) await store.sync();
    return good;
  }
  const refusal = refuseWriting(drive, medium);
  if (refusal !== undefined) return check(refusal);
  await endDataHere(medium);
  const trouble = await writingTrouble(drive, medium);
  if (trouble !== undefined) return check({ ...trouble, information: count });
  const fitting = Math.min(count, filemarksThatFit(medium));
  await store.appendFilemarks(fitting);
  medium.position += fitting;
  if (!isImmediate) await store.sync();
  return fitting < count ? overflow(count - fitting, 0) : written(drive, medium, 0);
}

/**
 * ERASE(6) (SSC-5, 5.2): the position becomes the end of data, and the tape stays there. LONG writes over all that is behind it, to the end of the partition;
 * with IMMED the drive does so by itself.
 */
export async function erase(drive: Drive, medium: Medium, { cdb }: ScsiCommand): Promise<Outcome> {
  const [isLong, isImmediate] = [(cdb[1]! & 0x01) !== 0, (cdb[1]! & 0x02) !== 0];
  const refusal = refuseErasing(drive, medium);
  if (refusal !== undefined) return check(refusal);
  await endDataHere(medium);
  await heal(drive, medium);
  await medium.cartridge.store.sync();
  medium.mayOverwrite = undefined;
  const hereBytes = tapeBytes(medium);
  if (isLong) await drive.clockwork.erased(hereBytes, tapeBytes(medium, 0) + capacityOf(medium), isImmediate);
  return good;
}

async function endDataHere(medium: Medium): Promise<void> {
  const { store } = medium.cartridge;
  await countChange(medium);
  if (medium.position < store.index.objectCount) await store.truncate(medium.position);
}

/** Early warning comes with every write behind its point, the programmable one once (SSC-5, 4.2.5 and 4.2.6). */
function written(drive: Drive, medium: Medium, transferredBytes: number): Outcome {
  if (inEarlyWarning(medium)) {
    return check({ key: senseKey.noSense, code: 0x0002, endOfMedium: true, information: 0 }, transferredBytes);
  }
  if (!inProgrammableWarning(drive, medium)) medium.warnedEarly = false;
  else if (!medium.warnedEarly) {
    medium.warnedEarly = true;
    return check({ key: senseKey.noSense, code: 0x0007, endOfMedium: true, information: 0 }, transferredBytes);
  }
  return moved(transferredBytes);
}

function overflow(residual: number, transferredBytes: number): Outcome {
  return check({ key: senseKey.volumeOverflow, code: 0x0002, endOfMedium: true, information: residual }, transferredBytes);
}
