import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be16, be24, be32, be64, check, field, good, invalidField, type Outcome } from "../wire/index.ts";
import { type Drive, inEarlyWarning, inProgrammableWarning, type Medium } from "./model.ts";
import { beginningOfMedium, endOfData, filemark } from "./reading.ts";

/** SPACE(6) and SPACE(16) (SSC-5, 5.10 and 5.11). */
export function space(_drive: Drive, medium: Medium, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const count = cdb[0] === 0x11 ? signed24(be24(cdb, 2)) : signed64(cdb, 4);
  switch (cdb[1]! & 0x0f) {
    case 0:
      return spaceBlocks(medium, count);
    case 1:
      return spaceFilemarks(medium, count);
    case 2:
      return spaceSequentialFilemarks(medium, count);
    case 3:
      medium.position = medium.cartridge.store.index.objectCount;
      return good;
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

/** LOCATE(10) and LOCATE(16) (SSC-5, 5.4 and 5.5) by object, by file, or to the end of data. There is one partition. */
export function locate(_drive: Drive, medium: Medium, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const isShort = cdb[0] === 0x2b;
  const partition = isShort ? cdb[8]! : cdb[3]!;
  if ((cdb[1]! & 0x02) !== 0 && partition !== 0) return check(invalidField(isShort ? 8 : 3));
  const { index } = medium.cartridge.store;
  const destination = isShort ? be32(cdb, 3) : be64(cdb, 4);
  const type = isShort ? 0 : (cdb[1]! >> 3) & 0x07;
  if (type === 3) return moveTo(medium, index.objectCount);
  if (type > 1) return check(invalidField(1));
  const target = type === 0 ? destination : destination === 0 ? 0 : (index.filemark(destination - 1) ?? Infinity) + 1;
  return target > index.objectCount ? check(at(medium, index.objectCount, endOfData)) : moveTo(medium, target);
}

export function rewind(_drive: Drive, medium: Medium): Outcome {
  return moveTo(medium, 0);
}

/** READ POSITION (SSC-5, 5.7) in its short, long and extended forms. */
export function readPosition(drive: Drive, medium: Medium, command: ScsiCommand): Outcome {
  const flags = positionFlags(drive, medium);
  const { position } = medium;
  const allocationBytes = be16(command.cdb, 7);
  switch (command.cdb[1]! & 0x1f) {
    case 0x00:
    case 0x01: {
      if (allocationBytes !== 0) return check(invalidField(7));
      // LOLU: the number is too large for this form, and the fields are 0 then.
      const isTooLarge = position > 0xffff_ffff;
      const places = field(isTooLarge ? 0 : position, 4);
      return answer(command, [flags | (isTooLarge ? 0x04 : 0), 0, 0, 0, ...places, ...places, ...field(0, 8)], 20);
    }
    case 0x06: {
      if (allocationBytes !== 0) return check(invalidField(7));
      const fileNumber = medium.cartridge.store.index.filemarksBefore(position);
      return answer(
        command,
        [flags, 0, 0, 0, ...field(0, 4), ...field(position, 8), ...field(fileNumber, 8), ...field(0, 8)],
        32,
      );
    }
    case 0x08:
      return answer(
        command,
        [flags, 0, 0, 0x1c, ...field(0, 4), ...field(position, 8), ...field(position, 8), ...field(0, 8)],
        allocationBytes,
      );
    default:
      return check(invalidField(1));
  }
}

function positionFlags(drive: Drive, medium: Medium): number {
  return (
    (medium.position === 0 ? 0x80 : 0) | (inEarlyWarning(medium) ? 0x40 : 0) | (inProgrammableWarning(drive, medium) ? 0x01 : 0)
  );
}

function moveTo(medium: Medium, position: number): Outcome {
  medium.position = position;
  return good;
}

function stopAt(medium: Medium, position: number, sense: typeof endOfData, residual: number): Outcome {
  return check({ ...at(medium, position, sense), information: residual });
}

function at(medium: Medium, position: number, sense: typeof endOfData): typeof endOfData {
  medium.position = position;
  return position > 0 && inEarlyWarning(medium) ? { ...sense, endOfMedium: true } : sense;
}

function signed24(value: number): number {
  return value >= 0x80_0000 ? value - 0x100_0000 : value;
}

function signed64(cdb: Uint8Array, at: number): number {
  return Number(new DataView(cdb.buffer, cdb.byteOffset, cdb.byteLength).getBigInt64(at));
}
