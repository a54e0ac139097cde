import type { LogParameter } from "../../unit/index.ts";
import { field, text } from "../../wire/index.ts";
import { capacityOf, type Drive, earlyWarningBytes, type Medium, remainingBytes, usedOf } from "../model.ts";
import { type Wear, wearOf } from "../wear.ts";

const mebibyte = 1024 * 1024;
const megabyte = 1_000_000;
/** What LTO drives record at once; it differs between generations, this is LTO-8's, in bytes of the host. */
const dataSetBytes = 5_031_936;
/** Nobody looked whether the data of a partition is encrypted. */
const objectUnknown = [0xff, 0xff, 0xff, 0xff, 0xff, 0xfe] as const;

/** The same codes in pages 17 and 30, which it came from: widths in bytes as LTO drives have them. */
function usage({ loads, writtenBytes, readBytes, writeRetries, unrecoveredWrites, readRetries, unrecoveredReads }: Wear): readonly LogParameter[] {
  const numbers: readonly (readonly [value: number, sizeBytes: number])[] = [
    [loads, 4], [Math.ceil(writtenBytes / dataSetBytes), 8], [writeRetries, 4], [unrecoveredWrites, 2], [0, 2], [0, 2],
    [Math.ceil(readBytes / dataSetBytes), 8], [readRetries, 4], [unrecoveredReads, 2], [0, 2], [0, 2],
  ];
  return numbers.map(([value, sizeBytes], at) => ({ code: at + 1, value: field(Math.min(value, 256 ** sizeBytes - 1), sizeBytes) }));
}

/** Page 30, tape usage, as LTO drives have it. */
export function tapeUsage(drive: Drive): readonly LogParameter[] {
  const { medium } = drive;
  return medium === undefined ? usage(nothing) : usage(wearOf(drive, medium));
}

const nothing: Wear = {
  loads: 0, writtenBytes: 0, readBytes: 0, writtenInThisLoadBytes: 0, readInThisLoadBytes: 0, writeRetries: 0, unrecoveredWrites: 0, readRetries: 0,
  unrecoveredReads: 0, writeMounts: 0, drives: [],
};

/** Page 17 (SSC-5, 8.2.9): the life of the cartridge, and how its partitions are. */
export function volumeStatistics(drive: Drive): readonly LogParameter[] {
  const { medium } = drive;
  if (medium === undefined) return [{ code: 0, value: [0] }];
  const wear = wearOf(drive, medium);
  return [
    { code: 0x0000, value: [1] },
    ...usage(wear),
    ...transfers(drive, medium, wear),
    ...identity(drive, medium),
    ...passes(drive, medium, wear),
    ...partitions(medium),
    { code: 0x0300, value: wear.drives.flatMap((driveName, at) => record(at, [...driveName])) },
  ];
}

function transfers({ errors }: Drive, medium: Medium, wear: Wear): readonly LogParameter[] {
  const { store } = medium.cartridge;
  const usedHere = [...store.indexes.keys()].reduce((sum, partition) => sum + usedOf(medium, partition), 0);
  const megabytes = (code: number, bytes: number, sizeBytes: number): LogParameter => ({ code, value: field(Math.floor(bytes / megabyte), sizeBytes) });
  return [
    { code: 0x000c, value: field(Math.min(errors.sinceLoad("writing").uncorrected, 0xffff), 2) },
    { code: 0x000d, value: field(Math.min(errors.sinceLoad("reading").uncorrected, 0xffff), 2) },
    megabytes(0x000e, wear.writtenInThisLoadBytes, 4),
    megabytes(0x000f, wear.readInThisLoadBytes, 4),
    megabytes(0x0010, wear.writtenBytes, 8),
    megabytes(0x0011, wear.readBytes, 8),
    { code: 0x0012, value: field(100, 2) },
    { code: 0x0013, value: field(100, 2) },
    megabytes(0x0016, store.layout.usableBytes, 4),
    megabytes(0x0017, usedHere, 4),
  ];
}

function identity({ home, number }: Drive, { cartridge: { facts }, media }: Medium): readonly LogParameter[] {
  const words = (code: number, value: string, sizeBytes: number): LogParameter => ({ code, value: text(value, sizeBytes), format: 1 });
  return [
    words(0x0040, facts.serial, 32),
    words(0x0042, facts.barcode, 32),
    words(0x0043, "VIRTUAL", 8),
    words(0x0044, "LTO-CVE", 4),
    words(0x0045, `Ultrium-${media.name.replace("LTO-", "")}`.slice(0, 9), 9),
    { code: 0x0080, value: [facts.writeProtected ? 1 : 0] },
    { code: 0x0081, value: [facts.kind === "worm" ? 1 : 0] },
    { code: 0x0082, value: [home.state().drives[number]!.ailments?.includes("heat") === true ? 1 : 0] },
  ];
}

/** A whole tape of data runs over the head as often as the tape has wraps. */
function passes({ clockwork }: Drive, { cartridge: { facts } }: Medium, { writtenBytes, readBytes, loads, writeMounts }: Wear): readonly LogParameter[] {
  const wraps = Math.floor(((writtenBytes + readBytes) / facts.capacityBytes) * clockwork.figures.wraps);
  return [
    { code: 0x0100, value: field(writeMounts, 4) },
    { code: 0x0101, value: field(loads + wraps, 4) },
    { code: 0x0102, value: field(wraps, 4) },
  ];
}

function partitions(medium: Medium): readonly LogParameter[] {
  const numbers = [...medium.cartridge.store.indexes.keys()];
  const each = (code: number, valueOf: (partition: number) => readonly number[]): LogParameter => ({
    code, value: numbers.flatMap((partition) => record(partition, valueOf(partition))),
  });
  const megabytes = (bytes: number): number[] => field(Math.floor(bytes / megabyte), 4);
  const leftBytes = (partition: number): number => Math.max(0, earlyWarningBytes(capacityOf(medium, partition)) - usedOf(medium, partition));
  return [
    each(0x0200, () => objectUnknown),
    each(0x0201, () => objectUnknown),
    each(0x0202, (partition) => megabytes(capacityOf(medium, partition))),
    each(0x0203, (partition) => megabytes(usedOf(medium, partition))),
    each(0x0204, (partition) => megabytes(leftBytes(partition))),
  ];
}

/** Its length less one, a reserved byte, the number in two, the value. */
function record(index: number, value: readonly number[]): readonly number[] {
  return [3 + value.length, 0, ...field(index, 2), ...value];
}

/** Page 31: tape capacity in MiB, two partitions at a time: what remains of one and of the other, then what each has. What is not there has nothing. */
export function tapeCapacity({ medium }: Drive): readonly LogParameter[] {
  const count = medium?.cartridge.store.indexes.length ?? 0;
  const mebibytes = (partition: number, bytesOf: (medium: Medium, partition: number) => number): number =>
    medium === undefined || partition >= count ? 0 : Math.floor(bytesOf(medium, partition) / mebibyte);
  const pairs = count > 2 ? [0, 2] : [0];
  return pairs
    .flatMap((first) => [remainingBytes, capacityOf].flatMap((bytesOf) => [mebibytes(first, bytesOf), mebibytes(first + 1, bytesOf)]))
    .map((value, at) => ({ code: at + 1, value: field(value, 4) }));
}

/** Pages 1B (SSC-5, 8.2.4) and 32: a ratio of one in each direction, and megabytes with the bytes behind them. */
export function dataCompression({ counters, settings }: Drive): readonly LogParameter[] {
  const { bytesRead, bytesWritten } = counters;
  const amounts = [bytesRead, bytesRead, bytesWritten, bytesWritten];
  return [
    { code: 0, value: field(100, 2) },
    { code: 1, value: field(100, 2) },
    ...amounts.flatMap((bytes, at) => [
      { code: 2 + 2 * at, value: field(Math.floor(bytes / megabyte), 4) },
      { code: 3 + 2 * at, value: field(bytes % megabyte, 4) },
    ]),
    { code: 0x0100, value: [settings.compression ? 1 : 0] },
  ];
}
