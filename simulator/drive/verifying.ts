import type { ScsiCommand } from "../../src/scsi/index.ts";
import { be24, check, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import { atMarkOrEnd, endOfData, readObject } from "./reading.ts";
import { type Drive, inEarlyWarning, type Medium } from "./model.ts";

/** SSC-5, 5.12. VLBPM is not offered: on these tapes blocks lie without their protection. */
const flag = { fixed: 0x01, compares: 0x02, immediate: 0x04, byFilemarks: 0x08, toEndOfData: 0x20 } as const;
const known = Object.values(flag).reduce((all, one) => all | one, 0);

/**
 * VERIFY(6): blocks as READ takes them, so many files, or all up to the end of data; with BYTCMP against data that the initiator sends along. With IMMED
 * too it answers when it is done, so that nothing has to be told later.
 */
export async function verify(drive: Drive, medium: Medium, command: ScsiCommand): Promise<Outcome> {
  const { cdb } = command;
  const flags = cdb[1]!;
  const has = (one: number): boolean => (flags & one) !== 0;
  const length = be24(cdb, 2);
  if ((flags & ~known) !== 0 || contradicts(has)) return check(invalidField(1));
  if (has(flag.fixed) && drive.settings.blockSizeBytes === 0) return check(invalidField(1));
  if (has(flag.toEndOfData)) return length === 0 ? await verifyFiles(drive, medium, Infinity) : check(invalidField(2));
  if (length === 0) return good;
  if (has(flag.byFilemarks)) return await verifyFiles(drive, medium, length);
  const guardBytes = drive.protection.readBytes(drive.caller);
  const blockBytes = has(flag.fixed) ? drive.settings.blockSizeBytes + guardBytes : length;
  const count = has(flag.fixed) ? length : 1;
  const sent = has(flag.compares) ? (command.dataOut ?? new Uint8Array(0)) : undefined;
  if (sent !== undefined && sent.length < blockBytes * count) return check(invalidField(2));
  return await verifyBlocks(drive, medium, { blockBytes, count, isFixed: has(flag.fixed), sent });
}

function contradicts(has: (one: number) => boolean): boolean {
  if (has(flag.byFilemarks) && has(flag.toEndOfData)) return true;
  if (has(flag.byFilemarks | flag.toEndOfData) && has(flag.fixed | flag.compares)) return true;
  return has(flag.compares) && has(flag.immediate);
}

interface Blocks {
  readonly blockBytes: number;
  readonly count: number;
  readonly isFixed: boolean;
  readonly sent: Uint8Array | undefined;
}

async function verifyBlocks(drive: Drive, medium: Medium, { blockBytes, count, isFixed, sent }: Blocks): Promise<Outcome> {
  const room = new Uint8Array(blockBytes);
  for (let done = 0; done < count; done += 1) {
    const residual = isFixed ? count - done : blockBytes;
    const stop = atMarkOrEnd(medium, residual);
    if (stop !== undefined) return check(stop);
    const fetched = await readObject(drive, medium, room);
    if ("refusal" in fetched) return check({ ...fetched.refusal, information: residual });
    drive.counters.bytesRead += fetched.sizeBytes;
    if (fetched.sizeBytes !== blockBytes) {
      return check({ ...senses.none, incorrectLength: true, information: isFixed ? residual : blockBytes - fetched.sizeBytes });
    }
    if (sent !== undefined && Buffer.compare(room, sent.subarray(done * blockBytes, (done + 1) * blockBytes)) !== 0) {
      return check({ ...senses.miscompare, information: residual });
    }
  }
  return good;
}

/** Up to behind so many filemarks; or up to the end of data, where that is all that was asked for. */
async function verifyFiles(drive: Drive, medium: Medium, filemarks: number): Promise<Outcome> {
  let room = new Uint8Array(0);
  for (let left = filemarks; left > 0;) {
    const object = medium.cartridge.store.index.objectAt(medium.position);
    if (object === undefined) {
      return filemarks === Infinity ? good : check({ ...endOfData, endOfMedium: inEarlyWarning(medium), information: left });
    }
    if (object.kind === "filemark") {
      medium.position += 1;
      left -= 1;
      continue;
    }
    if (room.length < object.sizeBytes) room = new Uint8Array(object.sizeBytes);
    const fetched = await readObject(drive, medium, room);
    if ("refusal" in fetched) return check({ ...fetched.refusal, information: filemarks === Infinity ? 0 : left });
    drive.counters.bytesRead += fetched.sizeBytes;
  }
  return good;
}
