import type { LogPages, LogParameter } from "../unit/index.ts";
import { field, text } from "../wire/index.ts";
import { brokenAlerts } from "./broken-alerts.ts";
import { deviceStatus } from "./device-status.ts";
import { capacityOf, type Drive, earlyWarningBytes, remainingBytes, type Medium, usedOf } from "./model.ts";
import { wearOf } from "./wear.ts";

const mebibyte = 1024 * 1024;
const unsupportedFormat = 12;
const megabyte = 1_000_000;

/** Pages that tape software asks for: SSC-5, 8.2, and 30 and 31 as LTO drives have them. */
export function driveLogPages(drive: Drive): LogPages {
  return new Map<number, () => readonly LogParameter[]>([
    [0x02, () => errorCounters()],
    [0x03, () => errorCounters()],
    [0x0c, () => sequentialAccess(drive)],
    [0x11, () => deviceStatus(drive)],
    [0x12, () => [{ code: 0, value: alertBits(drive) }]],
    [0x14, () => deviceStatistics(drive)],
    [0x17, () => volumeStatistics(drive)],
    [0x2e, () => Array.from({ length: 64 }, (_, at) => ({ code: at + 1, value: [activeAlerts(drive).has(at + 1) ? 1 : 0] }))],
    [0x30, () => [{ code: 1, value: field(drive.counters.loads, 4) }]],
    [0x31, () => capacity(drive.medium)],
  ]);
}

/** What is so for as long as that cartridge is in (SSC-5, annex A): no reading clears it. */
function activeAlerts(drive: Drive): ReadonlySet<number> {
  return new Set([...(drive.occupant === "incompatible" ? [unsupportedFormat] : []), ...brokenAlerts(drive)]);
}

/** TapeAlert Response (SSC-5, 8.2.4): flag 1 is the highest bit. */
function alertBits(drive: Drive): readonly number[] {
  const bytes = new Array<number>(8).fill(0);
  for (const flag of activeAlerts(drive)) bytes[(flag - 1) >> 3]! |= 0x80 >> ((flag - 1) & 7);
  return bytes;
}

function errorCounters(): readonly LogParameter[] {
  return [0, 1, 2, 3, 4, 5, 6].map((code) => ({ code, value: field(0, 8) }));
}

function sequentialAccess(drive: Drive): readonly LogParameter[] {
  const { bytesWritten, bytesRead } = drive.counters;
  return [
    { code: 0, value: field(bytesWritten, 8) },
    { code: 1, value: field(bytesWritten, 8) },
    { code: 2, value: field(bytesRead, 8) },
    { code: 3, value: field(bytesRead, 8) },
    // Zero: no cleaning wanted.
    { code: 0x0100, value: field(0, 4) },
  ];
}

function deviceStatistics(drive: Drive): readonly LogParameter[] {
  return [{ code: 0, value: field(drive.counters.loads, 8) }, { code: 1, value: field(drive.counters.cleanings, 8) }];
}

function volumeStatistics(drive: Drive): readonly LogParameter[] {
  const { medium } = drive;
  if (medium === undefined) return [{ code: 0, value: [0] }];
  const { facts, store } = medium.cartridge;
  const wear = wearOf(drive, medium);
  const totalMegabytes = Math.floor(store.layout.usableBytes / megabyte);
  const partitions = [...store.indexes.keys()];
  const usedMegabytes = Math.floor(partitions.reduce((sum, partition) => sum + usedOf(medium, partition), 0) / megabyte);
  const ofPartitions = (bytesOf: (partition: number) => number): number[] =>
    partitions.flatMap((partition) => [7, 0, ...field(partition, 2), ...field(Math.floor(bytesOf(partition) / megabyte), 4)]);
  const leftBytes = (partition: number): number => Math.max(0, earlyWarningBytes(capacityOf(medium, partition)) - usedOf(medium, partition));
  return [
    { code: 0x0000, value: [1] },
    { code: 0x0001, value: field(wear.loads, 4) },
    { code: 0x0010, value: field(Math.floor(wear.writtenBytes / megabyte), 8) },
    { code: 0x0011, value: field(Math.floor(wear.readBytes / megabyte), 8) },
    { code: 0x0016, value: field(totalMegabytes, 4) },
    { code: 0x0017, value: field(usedMegabytes, 4) },
    { code: 0x0040, value: text(facts.serial, 32), format: 1 },
    { code: 0x0042, value: text(facts.barcode, 32), format: 1 },
    { code: 0x0080, value: [facts.writeProtected ? 1 : 0] },
    { code: 0x0081, value: [facts.kind === "worm" ? 1 : 0] },
    { code: 0x0202, value: ofPartitions((partition) => capacityOf(medium, partition)) },
    { code: 0x0203, value: ofPartitions((partition) => usedOf(medium, partition)) },
    { code: 0x0204, value: ofPartitions(leftBytes) },
  ];
}

/** Tape capacity in MiB, two partitions at a time: what remains of one and of the other, then what each has. A partition that is not there has nothing. */
function capacity(medium: Medium | undefined): readonly LogParameter[] {
  const count = medium?.cartridge.store.indexes.length ?? 0;
  const mebibytes = (partition: number, bytesOf: (medium: Medium, partition: number) => number): number =>
    medium === undefined || partition >= count ? 0 : Math.floor(bytesOf(medium, partition) / mebibyte);
  const pairs = count > 2 ? [0, 2] : [0];
  return pairs
    .flatMap((first) => [remainingBytes, capacityOf].flatMap((bytesOf) => [mebibytes(first, bytesOf), mebibytes(first + 1, bytesOf)]))
    .map((value, at) => ({ code: at + 1, value: field(value, 4) }));
}
