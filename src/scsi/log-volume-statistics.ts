import { asciiField } from "./bytes.ts";
import { flagOf, type Numbers, numberOf, numbersOf, textOf } from "./log-fields.ts";
import type { LogParameters } from "./log-pages.ts";
import { type LogRecord, logRecords } from "./log-records.ts";

/** The same numbers under the same codes in page 0x30 of LTO drives, which 0x17 came from. */
const usageFields = {
  threads: 0x0001,
  dataSetsWritten: 0x0002,
  writeRetries: 0x0003,
  unrecoveredWriteErrors: 0x0004,
  suspendedWrites: 0x0005,
  fatalSuspendedWrites: 0x0006,
  dataSetsRead: 0x0007,
  readRetries: 0x0008,
  unrecoveredReadErrors: 0x0009,
  suspendedReads: 0x000a,
  fatalSuspendedReads: 0x000b,
} as const;

/** The life of the cartridge, as its own memory tells it. */
export type VolumeUsage = Numbers<typeof usageFields>;

/** Page 0x30 of LTO drives. */
export function tapeUsage(parameters: LogParameters): VolumeUsage {
  return numbersOf(parameters, usageFields);
}

/** Ratios are in hundredths, megabytes are 10^6 bytes. */
const statisticsFields = {
  lastMountUnrecoveredWriteErrors: 0x000c,
  lastMountUnrecoveredReadErrors: 0x000d,
  lastMountWrittenMegabytes: 0x000e,
  lastMountReadMegabytes: 0x000f,
  writtenMegabytes: 0x0010,
  readMegabytes: 0x0011,
  writeRatioHundredths: 0x0012,
  readRatioHundredths: 0x0013,
  mountTimeMs: 0x0014,
  readyTimeMs: 0x0015,
  nativeMegabytes: 0x0016,
  usedMegabytes: 0x0017,
  writeMounts: 0x0100,
  beginningPasses: 0x0101,
  middlePasses: 0x0102,
} as const;

/** One partition of the volume, as far as the drive tells. Capacities are native: as if nothing could be compressed. */
export interface PartitionStatistics {
  readonly partition: number;
  readonly nativeBytes: number | undefined;
  readonly usedBytes: number | undefined;
  readonly remainingBytes: number | undefined;
  /** `unknown` also where the drive says nothing about it. */
  readonly firstEncryptedObject: number | "none" | "unknown";
  readonly firstUnencryptedObjectBehind: number | "none" | "unknown";
}

export interface MountRecord {
  /** 0 is the last mount. */
  readonly index: number;
  readonly vendor: string;
  readonly serial: string;
}

/** Page 0x17 (SSC-5, 8.2.9). */
export interface VolumeStatistics extends VolumeUsage, Numbers<typeof statisticsFields> {
  /** False: no volume is loaded, or its memory has not been read; nothing else here means anything then. */
  readonly valid: boolean;
  readonly serialNumber: string | undefined;
  readonly lot: string | undefined;
  readonly barcode: string | undefined;
  readonly manufacturer: string | undefined;
  readonly licence: string | undefined;
  readonly personality: string | undefined;
  readonly writeProtected: boolean | undefined;
  readonly worm: boolean | undefined;
  /** The tape path was hotter than recommended while this volume was in a drive. */
  readonly wasTooHot: boolean | undefined;
  readonly partitions: readonly PartitionStatistics[];
  readonly mounts: readonly MountRecord[];
}

export function volumeStatistics(parameters: LogParameters): VolumeStatistics {
  return {
    ...tapeUsage(parameters),
    ...numbersOf(parameters, statisticsFields),
    // Drives older than the parameter leave it out.
    valid: flagOf(parameters.get(0x0000)) ?? true,
    serialNumber: textOf(parameters.get(0x0040)),
    lot: textOf(parameters.get(0x0041)),
    barcode: textOf(parameters.get(0x0042)),
    manufacturer: textOf(parameters.get(0x0043)),
    licence: textOf(parameters.get(0x0044)),
    personality: textOf(parameters.get(0x0045)),
    writeProtected: flagOf(parameters.get(0x0080)),
    worm: flagOf(parameters.get(0x0081)),
    wasTooHot: flagOf(parameters.get(0x0082)),
    partitions: partitionsOf(parameters),
    mounts: logRecords(parameters.get(0x0300)).filter(({ value }) => value.length >= 8).map(mountRecord),
  };
}

const partitionCodes = { firstEncrypted: 0x0200, firstUnencrypted: 0x0201, native: 0x0202, used: 0x0203, remaining: 0x0204 } as const;

function partitionsOf(parameters: LogParameters): readonly PartitionStatistics[] {
  const records = Object.values(partitionCodes).map((code) => [code, logRecords(parameters.get(code))] as const);
  const numbers = new Set(records.flatMap(([, ofCode]) => ofCode.map(({ index }) => index)));
  const find = (code: number, partition: number): Uint8Array | undefined => {
    return records.find(([each]) => each === code)?.[1].find(({ index }) => index === partition)?.value;
  };
  const bytes = (code: number, partition: number): number | undefined => {
    const megabytes = numberOf(find(code, partition));
    return megabytes === undefined ? undefined : megabytes * 1e6;
  };
  return [...numbers].sort((a, b) => a - b).map((partition) => ({
    partition,
    nativeBytes: bytes(partitionCodes.native, partition),
    usedBytes: bytes(partitionCodes.used, partition),
    remainingBytes: bytes(partitionCodes.remaining, partition),
    firstEncryptedObject: objectOf(find(partitionCodes.firstEncrypted, partition)),
    firstUnencryptedObjectBehind: objectOf(find(partitionCodes.firstUnencrypted, partition)),
  }));
}

/** All ones: there is none; all ones but the last bit: the drive does not know. */
function objectOf(value: Uint8Array | undefined): number | "none" | "unknown" {
  if (value === undefined || value.length === 0 || value.length > 8) return "unknown";
  const last = value.at(-1) ?? 0;
  if (value.subarray(0, -1).every((byte) => byte === 0xff) && last >= 0xfe) return last === 0xff ? "none" : "unknown";
  return numberOf(value) ?? "unknown";
}

const vendorBytes = 8;

function mountRecord({ index, value }: LogRecord): MountRecord {
  return { index, vendor: asciiField(value, 0, vendorBytes), serial: asciiField(value, vendorBytes, value.length - vendorBytes) };
}
