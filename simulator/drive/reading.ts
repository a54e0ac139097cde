import type { ScsiCommand } from "../../src/scsi/index.ts";
import { be24, check, good, invalidField, moved, type Outcome, type SenseFields, senseKey } from "../wire/index.ts";
import { type Fetched, fetchBlock } from "./blocks.ts";
import { readingTrouble } from "./broken-tape.ts";
import { passHead } from "./head-trouble.ts";
import { type Drive, inEarlyWarning, type Medium } from "./model.ts";

/** READ(6) (SSC-5, 5.6). */
export async function read(drive: Drive, medium: Medium, command: ScsiCommand): Promise<Outcome> {
  const { cdb } = command;
  const isFixed = (cdb[1]! & 0x01) !== 0;
  const suppressesIncorrectLength = (cdb[1]! & 0x02) !== 0;
  if (isFixed && (suppressesIncorrectLength || drive.settings.blockSizeBytes === 0)) return check(invalidField(1));
  const length = be24(cdb, 2);
  if (length === 0) return good;
  const room = command.dataIn ?? new Uint8Array(0);
  return isFixed ? readFixed(drive, medium, length, room) : readVariable(drive, medium, length, room, suppressesIncorrectLength);
}

async function readVariable(drive: Drive, medium: Medium, length: number, room: Uint8Array, silent: boolean): Promise<Outcome> {
  const stop = atMarkOrEnd(medium, length);
  if (stop !== undefined) return check(stop);
  const fetched = await readObject(drive, medium, room.subarray(0, length));
  if ("refusal" in fetched) return check({ ...fetched.refusal, information: length });
  const { sizeBytes } = fetched;
  const transferredBytes = Math.min(sizeBytes, length, room.length);
  drive.counters.bytesRead += sizeBytes - drive.protection.readBytes(drive.caller);
  // With SILI, an overlength block is reported in fixed block mode only: SSC-5, 5.6.
  const isReported = sizeBytes > length ? !silent || drive.settings.blockSizeBytes !== 0 : sizeBytes < length && !silent;
  if (!isReported) return moved(transferredBytes);
  return check({ key: senseKey.noSense, code: 0, incorrectLength: true, information: length - sizeBytes }, transferredBytes);
}

async function readFixed(drive: Drive, medium: Medium, count: number, room: Uint8Array): Promise<Outcome> {
  const blockSizeBytes = drive.settings.blockSizeBytes + drive.protection.readBytes(drive.caller);
  let transferredBytes = 0;
  for (let done = 0; done < count; done += 1) {
    const stop = atMarkOrEnd(medium, count - done);
    if (stop !== undefined) return check(stop, transferredBytes);
    const target = room.subarray(done * blockSizeBytes, (done + 1) * blockSizeBytes);
    const fetched = await readObject(drive, medium, target);
    if ("refusal" in fetched) return check({ ...fetched.refusal, information: count - done }, transferredBytes);
    const { sizeBytes } = fetched;
    drive.counters.bytesRead += sizeBytes - drive.protection.readBytes(drive.caller);
    transferredBytes += Math.min(sizeBytes, target.length);
    if (sizeBytes !== blockSizeBytes) {
      return check({ key: senseKey.noSense, code: 0, incorrectLength: true, information: count - done }, transferredBytes);
    }
  }
  return moved(transferredBytes);
}

/** Steps over the block at the position, unless it is refused; one that cannot be read too (SSC-5, 5.6). */
export async function readObject(drive: Drive, medium: Medium, target: Uint8Array): Promise<Fetched> {
  const trouble = forgotten(medium) ?? readingTrouble(medium) ?? passHead(drive, "reading");
  if (trouble !== undefined) {
    medium.position += 1;
    return { refusal: trouble };
  }
  const fetched = await fetchBlock(drive, medium, target);
  if (!("refusal" in fetched)) medium.position += 1;
  return fetched;
}

/** Of cartridges that keep no content, some rather give nothing than zeros. */
function forgotten({ cartridge: { facts } }: Medium): SenseFields | undefined {
  return facts.content === "refused" ? { key: senseKey.mediumError, code: 0x1100 } : undefined;
}

/** A filemark is stepped over, the end of data is not. INFORMATION is all that was asked for and not read. */
export function atMarkOrEnd(medium: Medium, residual: number): SenseFields | undefined {
  const object = medium.cartridge.store.index.objectAt(medium.position);
  if (object === undefined) return { ...endOfData, endOfMedium: inEarlyWarning(medium), information: residual };
  if (object.kind === "block") return undefined;
  medium.position += 1;
  return { ...filemark, endOfMedium: inEarlyWarning(medium), information: residual };
}

export const endOfData: SenseFields = { key: senseKey.blankCheck, code: 0x0005 };
export const filemark: SenseFields = { key: senseKey.noSense, code: 0x0001, filemark: true };
export const beginningOfMedium: SenseFields = { key: senseKey.noSense, code: 0x0004, endOfMedium: true };
