import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be32, be64, check, field, good, invalidField, type Outcome } from "../wire/index.ts";
import { blockBytes } from "./blocks.ts";
import { type Disk, diskSenses, miscompare, rangeOf, refusal } from "./model.ts";

/** READ(6), (10), (12) and (16) (SBC-4, 5.15 to 5.18). */
export function read(disk: Disk, command: ScsiCommand): Outcome {
  const range = rangeOf(command.cdb);
  const refused = refusal(disk, command, range);
  if (refused !== undefined) return refused;
  const data = disk.blocks.at(range.address, range.count);
  const room = command.dataIn ?? new Uint8Array(0);
  const fits = Math.min(data.length, room.length);
  room.set(data.subarray(0, fits));
  return { ...good, transferredBytes: fits, overflowBytes: data.length - fits };
}

/** PRE-FETCH(10) and (16) (SBC-4, 5.12): all of it is in memory already. */
export function prefetch(disk: Disk, command: ScsiCommand): Outcome {
  return refusal(disk, { ...command, cdb: withoutFlags(command.cdb) }, rangeOf(command.cdb)) ?? good;
}

/** SYNCHRONIZE CACHE(10) and (16) (SBC-4, 5.36). */
export const synchronizeCache = prefetch;

function withoutFlags(cdb: Uint8Array): Uint8Array {
  const plain = cdb.slice();
  plain[1] = plain[1]! & 0x1f;
  return plain;
}

/** VERIFY(10), (12) and (16) (SBC-4, 5.42): the medium alone, against the data, or against one block again and again. */
export function verify(disk: Disk, command: ScsiCommand): Outcome {
  const { cdb, dataOut = new Uint8Array(0) } = command;
  const range = rangeOf(cdb);
  const compare = (cdb[1]! >> 1) & 0x03;
  if (compare === 2) return check(invalidField(1));
  const refused = refusal(disk, command, range);
  if (refused !== undefined) return refused;
  if (compare === 0 || range.count === 0) return good;
  const wantedBytes = (compare === 3 ? 1 : range.count) * blockBytes;
  const taken = { transferredBytes: Math.min(wantedBytes, dataOut.length), overflowBytes: Math.max(0, wantedBytes - dataOut.length) };
  const stored = disk.blocks.at(range.address, range.count);
  const expected = dataOut.subarray(0, taken.transferredBytes);
  const differs = compare === 3 ? firstDifferenceRepeated(stored, expected) : firstDifference(stored, expected);
  return differs === -1 ? { ...good, ...taken } : { ...check(miscompare(differs)), ...taken };
}

export function firstDifference(stored: Uint8Array, expected: Uint8Array): number {
  if (Buffer.compare(stored.subarray(0, expected.length), expected) === 0) return -1;
  return expected.findIndex((byte, at) => byte !== stored[at]);
}

function firstDifferenceRepeated(stored: Uint8Array, block: Uint8Array): number {
  for (let at = 0; at < stored.length; at += blockBytes) {
    const differs = firstDifference(stored.subarray(at, at + blockBytes), block);
    if (differs !== -1) return differs;
  }
  return -1;
}

/** READ CAPACITY(10) (SBC-4, 5.20). */
export function readCapacityShort(disk: Disk, command: ScsiCommand): Outcome {
  const { cdb } = command;
  if ((cdb[8]! & 0x01) === 0 && be32(cdb, 2) !== 0) return check(invalidField(2));
  return answer(command, [...field(disk.blocks.count - 1, 4), ...field(blockBytes, 4)], 8);
}

/** READ CAPACITY(16) (SBC-4, 5.21): thinly provisioned (LBPME). What is not there reads as zeros, which is not promised (LBPRZ). */
export function readCapacity(disk: Disk, command: ScsiCommand): Outcome {
  const { cdb } = command;
  if ((cdb[14]! & 0x01) === 0 && be64(cdb, 2) !== 0) return check(invalidField(2));
  const data = [...field(disk.blocks.count - 1, 8), ...field(blockBytes, 4), 0, 0, 0x80, 0, ...new Array<number>(16).fill(0)];
  return answer(command, data, be32(cdb, 10));
}

/** More runs are never told at once. */
const runsMax = 64;

/** GET LBA STATUS(16) (SBC-4, 5.6): runs of blocks that are mapped or not. */
export function provisioningStatus({ blocks }: Disk, command: ScsiCommand): Outcome {
  const { cdb } = command;
  let address = be64(cdb, 2);
  if (address >= blocks.count) return check(diskSenses.outOfRange);
  const runs: number[] = [];
  for (let told = 0; address < blocks.count && told < runsMax; told += 1) {
    const count = blocks.runLength(address);
    runs.push(...field(address, 8), ...field(count, 4), blocks.isMapped(address) ? 0 : 1, 0, 0, 0);
    address += count;
  }
  return answer(command, [...field(runs.length + 4, 4), 0, 0, 0, 0, ...runs], be32(cdb, 10));
}

/** READ DEFECT DATA(10) and (12) (SBC-4, 5.19): memory has none. */
export function readDefects(_: Disk, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const isShort = cdb[0] === 0x37;
  const lists = cdb[isShort ? 2 : 1]! & 0x1f;
  return isShort ? answer(command, [0, lists, 0, 0], (cdb[7]! << 8) | cdb[8]!) : answer(command, [0, lists, 0, 0, 0, 0, 0, 0], be32(cdb, 6));
}
