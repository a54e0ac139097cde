import type { ScsiCommand } from "../../src/scsi/index.ts";
import { be16, be32, be64, check, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import { blockBytes } from "./blocks.ts";
import { limits } from "./limits.ts";
import { type Disk, diskSenses, miscompare, type Range, rangeOf, refusal } from "./model.ts";
import { firstDifference, verify } from "./reading.ts";

/** WRITE(6), (10), (12) and (16) (SBC-4, 5.43 to 5.46). */
export function write(disk: Disk, command: ScsiCommand): Outcome {
  return store(disk, command, rangeOf(command.cdb));
}

/** WRITE AND VERIFY(10), (12) and (16) (SBC-4, 5.48). */
export function writeAndVerify(disk: Disk, command: ScsiCommand): Outcome {
  if (((command.cdb[1]! >> 1) & 0x03) > 1) return check(invalidField(1));
  const written = write(disk, command);
  if (written.sense !== undefined) return written;
  const verified = verify(disk, command);
  return verified.sense === undefined ? written : verified;
}

/** WRITE ATOMIC(16) (SBC-4, 5.47): each command is done by itself here. */
export function writeAtomically(disk: Disk, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const range = { address: be64(cdb, 2), count: be16(cdb, 12) };
  const boundary = be16(cdb, 10);
  if (boundary !== 0) return check(invalidField(10));
  const refused = refusal(disk, command, range);
  if (refused !== undefined) return refused;
  if (range.count > limits.atomicBlocks) return check(invalidField(12));
  return store(disk, command, range);
}

function store(disk: Disk, command: ScsiCommand, range: Range): Outcome {
  const refused = refusal(disk, command, range);
  if (refused !== undefined) return refused;
  const { dataOut = new Uint8Array(0) } = command;
  const wantedBytes = range.count * blockBytes;
  const whole = Math.floor(Math.min(wantedBytes, dataOut.length) / blockBytes) * blockBytes;
  disk.blocks.write(range.address, dataOut.subarray(0, whole));
  return { ...good, transferredBytes: Math.min(wantedBytes, dataOut.length), overflowBytes: Math.max(0, wantedBytes - dataOut.length) };
}

/** ORWRITE(16) (SBC-4, 5.10). */
export function orWrite(disk: Disk, command: ScsiCommand): Outcome {
  const range = rangeOf(command.cdb);
  const refused = refusal(disk, command, range);
  if (refused !== undefined) return refused;
  const merged = disk.blocks.at(range.address, range.count).slice();
  const { dataOut = new Uint8Array(0) } = command;
  for (let at = 0; at < merged.length; at += 1) merged[at] = merged[at]! | (dataOut[at] ?? 0);
  return store(disk, { ...command, dataOut: merged.subarray(0, dataOut.length) }, range);
}

/** COMPARE AND WRITE (SBC-4, 5.3): what is to be there, then what is to come there. */
export function compareAndWrite(disk: Disk, command: ScsiCommand): Outcome {
  const { cdb, dataOut = new Uint8Array(0) } = command;
  const range = { address: be64(cdb, 2), count: cdb[13]! };
  if (range.count > limits.compareBlocks) return check(invalidField(13));
  const refused = refusal(disk, command, range);
  if (refused !== undefined) return refused;
  const halfBytes = range.count * blockBytes;
  // The count has one byte: who has more data than it says meant more blocks.
  if (dataOut.length > halfBytes * 2) return check(invalidField(13));
  if (dataOut.length < halfBytes * 2) return { ...check(invalidField(13)), overflowBytes: halfBytes * 2 - dataOut.length };
  const differs = firstDifference(disk.blocks.at(range.address, range.count), dataOut.subarray(0, halfBytes));
  const transferredBytes = halfBytes * 2;
  if (differs !== -1) return check(miscompare(differs), transferredBytes);
  disk.blocks.write(range.address, dataOut.subarray(halfBytes, halfBytes * 2));
  return { ...good, transferredBytes };
}

/** WRITE SAME(10) and (16) (SBC-4, 5.50): one block everywhere, or nothing (UNMAP). A count of 0 means up to the end. */
export function writeSame(disk: Disk, command: ScsiCommand): Outcome {
  const { cdb, dataOut = new Uint8Array(0) } = command;
  const { address, count } = rangeOf(cdb);
  const flags = cdb[1]!;
  const [isUnmap, isAnchor, hasNoData] = [(flags & 0x08) !== 0, (flags & 0x10) !== 0, cdb[0] === 0x93 && (flags & 0x01) !== 0];
  if (isAnchor || (flags & 0x06) !== 0) return check(invalidField(1));
  const range = { address, count: count === 0 ? disk.blocks.count - address : count };
  const refused = refusal(disk, command, address > disk.blocks.count ? { address, count: 1 } : range);
  if (refused !== undefined) return refused;
  if (range.count > limits.writeSameBlocks) return check(invalidField(cdb[0] === 0x93 ? 10 : 7));
  if (!hasNoData && dataOut.length < blockBytes) return { ...check(invalidField(1)), overflowBytes: blockBytes - dataOut.length };
  const block = hasNoData ? new Uint8Array(blockBytes) : dataOut.subarray(0, blockBytes);
  if (isUnmap) disk.blocks.unmap(range.address, range.count);
  else for (let at = 0; at < range.count; at += 1) disk.blocks.write(range.address + at, block);
  return { ...good, transferredBytes: hasNoData ? 0 : blockBytes };
}

/** UNMAP (SBC-4, 5.41). All of it or nothing. */
export function unmap({ blocks }: Disk, { cdb, dataOut = new Uint8Array(0) }: ScsiCommand): Outcome {
  if ((cdb[1]! & 0x01) !== 0) return check(invalidField(1));
  const list = dataOut.subarray(0, be16(cdb, 7));
  if (be16(cdb, 7) === 0) return good;
  if (list.length < 8) return check(senses.parameterListLength);
  const descriptorBytes = Math.min(be16(list, 2), list.length - 8);
  if (Math.floor(descriptorBytes / 16) > limits.unmapDescriptors) return check(senses.invalidParameter);
  const ranges: Range[] = [];
  for (let at = 8; at + 16 <= 8 + descriptorBytes; at += 16) ranges.push({ address: be64(list, at), count: be32(list, at + 8) });
  if (ranges.some(({ address, count }) => address + count > blocks.count)) return check(diskSenses.outOfRange);
  if (ranges.reduce((sum, { count }) => sum + count, 0) > limits.unmapBlocks) return check(senses.invalidParameter);
  for (const { address, count } of ranges) blocks.unmap(address, count);
  return { ...good, transferredBytes: list.length };
}
