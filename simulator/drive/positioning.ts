import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be16, be24, be32, be64, check, field, good, invalidField, type Outcome } from "../wire/index.ts";
import { type Drive, goTo, inEarlyWarning, inProgrammableWarning, type Medium } from "./model.ts";
import { beginningOfMedium, endOfData, filemark } from "./reading.ts";

/** SPACE(6) and SPACE(16) (SSC-5, 5.10 and 5.11), within the partition. What is in the buffer goes on the tape first. */
export async function space(_drive: Drive, medium: Medium, command: ScsiCommand): Promise<Outcome> {
  const { cdb } = command;
  await medium.cartridge.store.sync();
  const count = cdb[0] === 0x11 ? signed24(be24(cdb, 2)) : signed64(cdb, 4);
  switch (cdb[1]! & 0x0f) {
    case 0:
      return spaceBlocks(medium, count);
    case 1:
      return spaceFilemarks(medium, count);
    case 2:
      return spaceSequentialFilemarks(medium, count);
    case 3:
      return moveTo(medium, medium.cartridge.store.index.objectCount);
    default:
      return check(invalidField(1));
  }
}

function spaceBlocks(medium: Medium, count: number): Outcome {
  const { index } = medium.cartridge.store;
  const from = medium.position;
  if (count >= 0) {
    const mark = index.nextFilemarks(from, 1) ?? index.objectCount;
    if (from + count <= mark) return moveTo(medium, from + count);
    if (mark === index.objectCount) return stopAt(medium, mark, endOfData, count - (mark - from));
    return stopAt(medium, mark + 1, filemark, count - (mark - from));
  }
  const mark = index.previousFilemarks(from, 1);
  const border = mark === undefined ? 0 : mark + 1;
  if (from + count >= border) return moveTo(medium, from + count);
  const residual = -count - (from - border);
  return mark === undefined ? stopAt(medium, 0, beginningOfMedium, residual) : stopAt(medium, mark, filemark, residual);
}

function spaceFilemarks(medium: Medium, count: number): Outcome {
  const { index } = medium.cartridge.store;
  if (count === 0) return good;
  const before = index.filemarksBefore(medium.position);
  if (count > 0) {
    const mark = index.filemark(before + count - 1);
    if (mark !== undefined) return moveTo(medium, mark + 1);
    return stopAt(medium, index.objectCount, endOfData, count - (index.filemarkCount - before));
  }
  const mark = index.filemark(before + count);
  return mark === undefined ? stopAt(medium, 0, beginningOfMedium, -count - before) : moveTo(medium, mark);
}

function spaceSequentialFilemarks(medium: Medium, count: number): Outcome {
  const { index } = medium.cartridge.store;
  if (count === 0) return good;
  if (count > 0) {
    const first = index.nextFilemarks(medium.position, count);
    return first === undefined ? stopAt(medium, index.objectCount, endOfData, count) : moveTo(medium, first + count);
  }
  const first = index.previousFilemarks(medium.position, -count);
  return first === undefined ? stopAt(medium, 0, beginningOfMedium, -count) : moveTo(medium, first);
}

/** LOCATE(10) and LOCATE(16) (SSC-5, 5.4 and 5.5) by object, by file, or to the end of data; with CP in another partition. */
export async function locate(_drive: Drive, medium: Medium, command: ScsiCommand): Promise<Outcome> {
  const { cdb } = command;
  const isShort = cdb[0] === 0x2b;
  const { store } = medium.cartridge;
  const changesPartition = (cdb[1]! & 0x02) !== 0;
  const partition = changesPartition ? cdb[isShort ? 8 : 3]! : store.partition;
  const index = store.indexes[partition];
  if (index === undefined) return check(invalidField(isShort ? 8 : 3));
  const destination = isShort ? be32(cdb, 3) : be64(cdb, 4);
  const type = isShort ? 0 : (cdb[1]! >> 3) & 0x07;
  if (type > 1 && type !== 3) return check(invalidField(1));
  await store.sync();
  if (partition !== store.partition) goTo(medium, partition, 0);
  if (type === 3) return moveTo(medium, index.objectCount);
  const target = type === 0 ? destination : destination === 0 ? 0 : (index.filemark(destination - 1) ?? Infinity) + 1;
  return target > index.objectCount ? check(at(medium, index.objectCount, endOfData)) : moveTo(medium, target);
}

/** REWIND (SSC-5, 5.9): to the beginning of the partition that the tape is in. */
export async function rewind(_drive: Drive, medium: Medium): Promise<Outcome> {
  await medium.cartridge.store.sync();
  return moveTo(medium, 0);
}

/** READ POSITION (SSC-5, 5.7) in its short, long and extended forms. */
export function readPosition(drive: Drive, medium: Medium, command: ScsiCommand): Outcome {
  const flags = positionFlags(drive, medium);
  const { position } = medium;
  const { store } = medium.cartridge;
  const allocationBytes = be16(command.cdb, 7);
  switch (command.cdb[1]! & 0x1f) {
    case 0x00:
    case 0x01: {
      if (allocationBytes !== 0) return check(invalidField(7));
      // LOLU: the number is too large for this form, and the fields are 0 then.
      const isTooLarge = position > 0xffff_ffff;
      const { last, objects, bytes } = isTooLarge ? { last: 0, objects: 0, bytes: 0 } : buffered(medium);
      const places = [...field(isTooLarge ? 0 : position, 4), ...field(last, 4)];
      const tooMany = (objects > 0xff_ffff ? 0x20 : 0) | (bytes > 0xffff_ffff ? 0x10 : 0);
      const inBuffer = [...field(objects > 0xff_ffff ? 0 : objects, 3), ...field(bytes > 0xffff_ffff ? 0 : bytes, 4)];
      return answer(command, [flags | tooMany | (isTooLarge ? 0x04 : 0), store.partition, 0, 0, ...places, 0, ...inBuffer], 20);
    }
    case 0x06: {
      if (allocationBytes !== 0) return check(invalidField(7));
      const fileNumber = store.index.filemarksBefore(position);
      return answer(
        command,
        [flags, 0, 0, 0, ...field(store.partition, 4), ...field(position, 8), ...field(fileNumber, 8), ...field(0, 8)],
        32,
      );
    }
    case 0x08: {
      const { last, objects, bytes } = buffered(medium);
      const tooMany = objects > 0xff_ffff ? 0x20 : 0;
      const inBuffer = [0, ...field(tooMany === 0 ? objects : 0, 3)];
      const places = [...field(position, 8), ...field(last, 8), ...field(bytes, 8)];
      return answer(command, [flags | tooMany, store.partition, 0, 0x1c, ...inBuffer, ...places], allocationBytes);
    }
    default:
      return check(invalidField(1));
  }
}

/** What was written and waits in the buffer: where its first object belongs, how many they are, and how many bytes. */
function buffered({ cartridge: { store }, position }: Medium): { readonly last: number; readonly objects: number; readonly bytes: number } {
  const { index, syncedObjects } = store;
  if (position !== index.objectCount) return { last: position, objects: 0, bytes: 0 };
  return { last: syncedObjects, objects: position - syncedObjects, bytes: index.dataBytes - index.bytesBefore(syncedObjects) };
}

function positionFlags(drive: Drive, medium: Medium): number {
  return (
    (medium.position === 0 ? 0x80 : 0) | (inEarlyWarning(medium) ? 0x40 : 0) | (inProgrammableWarning(drive, medium) ? 0x01 : 0)
  );
}

function moveTo(medium: Medium, position: number): Outcome {
  goTo(medium, medium.cartridge.store.partition, position);
  return good;
}

function stopAt(medium: Medium, position: number, sense: typeof endOfData, residual: number): Outcome {
  return check({ ...at(medium, position, sense), information: residual });
}

function at(medium: Medium, position: number, sense: typeof endOfData): typeof endOfData {
  goTo(medium, medium.cartridge.store.partition, position);
  return position > 0 && inEarlyWarning(medium) ? { ...sense, endOfMedium: true } : sense;
}

function signed24(value: number): number {
  return value >= 0x80_0000 ? value - 0x100_0000 : value;
}

function signed64(cdb: Uint8Array, at: number): number {
  return Number(new DataView(cdb.buffer, cdb.byteOffset, cdb.byteLength).getBigInt64(at));
}
