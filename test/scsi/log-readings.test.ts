import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as scsi from "../../src/scsi/index.ts";
import { decodedBySgLogs, hasSgLogs } from "./sg-logs.ts";

const number = (value: number, width: number): Uint8Array => {
  const bytes = new Uint8Array(width);
  scsi.putNumber(bytes, 0, width, value);
  return bytes;
};
const text = (value: string, width: number): Uint8Array => {
  const bytes = new Uint8Array(width);
  scsi.putAscii(bytes, 0, width, value);
  return bytes;
};
const partitions = (...records: readonly (readonly [partition: number, value: Uint8Array])[]): Uint8Array =>
  Uint8Array.from(records.flatMap(([partition, value]) => [value.length + 3, 0, 0, partition, ...value]));
const ones = (width: number): Uint8Array => new Uint8Array(width).fill(0xff);

interface Sample {
  readonly page: number;
  readonly parameters: readonly (readonly [number, Uint8Array])[];
  readonly read: (parameters: scsi.LogParameters) => unknown;
  readonly reading: object;
  /** What sg_logs says of the same bytes; a page that it shows in hex alone has none. */
  readonly words: readonly RegExp[];
}

const usage = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((code) => [code, number(100 + code, code === 2 || code === 7 ? 8 : 4)] as const);
const usageReading = {
  threads: 101, dataSetsWritten: 102, writeRetries: 103, unrecoveredWriteErrors: 104, suspendedWrites: 105, fatalSuspendedWrites: 106,
  dataSetsRead: 107, readRetries: 108, unrecoveredReadErrors: 109, suspendedReads: 110, fatalSuspendedReads: 111,
};
const usageWords = [
  /Thread count: 101/, /Total data sets written: 102/, /Total write retries: 103/, /Total unrecovered write errors: 104/,
  /Total suspended writes: 105/, /Total fatal suspended writes: 106/, /Total data sets read: 107/, /Total read retries: 108/,
  /Total unrecovered read errors: 109/, /Total suspended reads: 110/, /Total fatal suspended reads: 111/,
];
const compression: Sample["parameters"] = [
  [0, number(250, 2)], [1, number(180, 2)], [2, number(5, 4)], [3, number(7, 4)], [4, number(2, 4)], [5, number(3, 4)],
  [6, number(9, 4)], [7, number(1, 4)], [8, number(4, 4)], [9, number(6, 4)], [0x100, number(1, 1)],
];
const compressionReading = {
  readRatio: 2.5, writeRatio: 1.8, deliveredBytes: 5_000_007, readBytes: 2_000_003, receivedBytes: 9_000_001, writtenBytes: 4_000_006, enabled: true,
};
const compressionWords = [
  /Read compression ratio x100: 250/, /Write compression ratio x100: 180/, /Megabytes transferred to server: 5/, /Bytes transferred to server: 7/,
  /Megabytes read from tape: 2/, /Bytes read from tape: 3/, /Megabytes transferred from server: 9/, /Megabytes written to tape: 4/,
];

const samples: Readonly<Record<string, Sample>> = {
  "errors while reading (0x03)": {
    page: scsi.logPage.readErrors,
    parameters: [0, 1, 2, 3, 4, 5, 6].map((code) => [code, number(10 + code, code === 5 ? 8 : 4)]),
    read: scsi.errorCounters,
    reading: { correctedWithoutDelay: 10, correctedWithDelay: 11, retries: 12, corrected: 13, correctionRuns: 14, processedBytes: 15, uncorrected: 16 },
    words: [
      /without substantial delay = 10/, /with possible delays = 11/, /rewrites or rereads = 12/, /errors corrected = 13/,
      /bytes processed = 15/, /uncorrected errors = 16/,
    ],
  },
  "sequential access (0x0C)": {
    page: scsi.logPage.sequentialAccess,
    parameters: [[0, number(8e9, 8)], [1, number(4e9, 8)], [2, number(2e9, 8)], [3, number(1e9, 8)], [0x100, ones(4)]],
    read: scsi.sequentialAccess,
    reading: { receivedBytes: 8e9, writtenBytes: 4e9, readBytes: 2e9, deliveredBytes: 1e9, cleaningRequired: true },
    words: [/Data bytes received with WRITE commands: 8 GB/, /written to media by WRITE commands: 4 GB/, /read from media by READ commands: 2 GB/,
      /transferred by READ commands: 1 GB/, /Cleaning action required/],
  },
  "device status (0x11)": {
    page: scsi.logPage.deviceStatus,
    parameters: [[0, Uint8Array.of(0b1010_1101, 0b0011_0011, 0x0f, 0b0001_0001)], [1, number(500, 2)], [0x0101, Uint8Array.of(1, 2, 3, 4)]],
    read: (parameters) => ({ ...scsi.driveStatus(parameters), delayMs: scsi.pollingDelayMs(parameters), ports: scsi.portStatuses(parameters) }),
    reading: {
      removalPrevented: true, memoryAccessible: true, compressing: false, writeProtected: true, cleaningRequested: true, cleaningRequired: false,
      changing: false, robotMayAccess: true, mediumPresent: true, mediumThreaded: true, mediumMounted: true,
      activity: "writing encrypted data", encrypting: true, alertsChanged: true, delayMs: 500, ports: [{ number: 1, bytes: Uint8Array.of(1, 2, 3, 4) }],
    },
    words: [/PAMR=1 HUI=0 MACC=1 CMPR=0/, /WRTP=1 CRQST=1 CRQRD=0 DINIT=1/, /INXTN=0 RAA=1 MPRSNT=1/, /MSTD=0 MTHRD=1 MOUNTED=1/,
      /Writing encrypted/, /EPP=1/, /TAFC=1/],
  },
  "device statistics (0x14)": {
    page: scsi.logPage.deviceStatistics,
    parameters: [
      ...Array.from({ length: 16 }, (_, code) => [code, number(1000 + code, 4)] as const),
      [0x41, text("10WT012345", 32)], [0x81, number(1, 1)], [0x1000, Uint8Array.of(0, 0, 0x5e, 0x88, 0, 0, 1, 0)],
    ],
    read: scsi.deviceStatistics,
    reading: {
      loads: 1000, cleanings: 1001, poweredHours: 1002, motionHours: 1003, tapeMetres: 1004, motionHoursAtIncompatibleMedium: 1005,
      poweredHoursAtTemperatureTrouble: 1006, poweredHoursAtPowerTrouble: 1007, motionHoursSinceCleaning: 1008,
      motionHoursSinceSecondLastCleaning: 1009, motionHoursSinceThirdLastCleaning: 1010, poweredHoursAtForcedEject: 1011, powerCycles: 1012,
      loadsSinceReset: 1013, hardWriteErrors: 1014, hardReadErrors: 1015, serialNumber: "10WT012345", wasTooHot: true,
      motionHoursByMedium: [{ densityCode: 0x5e, mediumType: 0x88, motionHours: 256 }],
    },
    words: [
      /Lifetime media loads: 1000/, /Lifetime cleaning operations: 1001/, /Lifetime power on hours: 1002/, /Lifetime media motion \(head\) hours: 1003/,
      /Lifetime metres of tape processed: 1004/, /incompatible media last loaded: 1005/, /temperature condition occurred: 1006/,
      /power consumption condition occurred: 1007/, /since last successful cleaning operation: 1008/, /2nd to last successful cleaning: 1009/,
      /Lifetime power cycles: 1012/, /loads since last parameter reset: 1013/, /Hard write errors: 1014/, /Hard read errors: 1015/,
      /Drive serial number:/, /Medium motion hours: 256/,
    ],
  },
  "volume statistics (0x17)": {
    page: scsi.logPage.volumeStatistics,
    parameters: [
      [0, number(1, 1)], ...usage,
      ...[12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23].map((code) => [code, number(200 + code, 4)] as const),
      [0x40, text("H123456789", 32)], [0x41, text("LOT7", 8)], [0x42, text("SR0001L8", 32)], [0x43, text("FUJIFILM", 8)], [0x44, text("U107", 4)],
      [0x45, text("Ultrium-8", 9)], [0x80, number(0, 1)], [0x81, number(1, 1)], [0x82, number(0, 1)],
      [0x100, number(31, 4)], [0x101, number(32, 4)], [0x102, number(33, 4)],
      [0x200, partitions([0, number(77, 6)], [1, ones(6)])], [0x201, partitions([0, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xfe)])],
      [0x202, partitions([0, number(12_000_000, 4)], [1, number(5000, 4)])], [0x203, partitions([0, number(4_000_000, 4)])],
      [0x204, partitions([0, number(8_000_000, 4)], [1, ones(4)])],
      [0x300, partitions([0, Uint8Array.of(...text("IBM", 8), ...text("1013000ABC", 32))])],
    ],
    read: scsi.volumeStatistics,
    reading: {
      ...usageReading, valid: true, lastMountUnrecoveredWriteErrors: 212, lastMountUnrecoveredReadErrors: 213, lastMountWrittenMegabytes: 214,
      lastMountReadMegabytes: 215, writtenMegabytes: 216, readMegabytes: 217, writeRatioHundredths: 218, readRatioHundredths: 219,
      mountTimeMs: 220, readyTimeMs: 221, nativeMegabytes: 222, usedMegabytes: 223, writeMounts: 31, beginningPasses: 32, middlePasses: 33,
      serialNumber: "H123456789", lot: "LOT7", barcode: "SR0001L8", manufacturer: "FUJIFILM", licence: "U107", personality: "Ultrium-8",
      writeProtected: false, worm: true, wasTooHot: false,
      partitions: [
        { partition: 0, nativeBytes: 12e12, usedBytes: 4e12, remainingBytes: 8e12, firstEncryptedObject: 77, firstUnencryptedObjectBehind: "unknown" },
        { partition: 1, nativeBytes: 5e9, usedBytes: undefined, remainingBytes: undefined, firstEncryptedObject: "none",
          firstUnencryptedObjectBehind: "unknown" },
      ],
      mounts: [{ index: 0, vendor: "IBM", serial: "1013000ABC" }],
    },
    words: [
      /Page valid: 1/, ...usageWords, /Last mount unrecovered write errors: 212/, /Last mount unrecovered read errors: 213/,
      /Last mount megabytes written: 214/, /Last mount megabytes read: 215/, /Lifetime megabytes written: 216/, /Lifetime megabytes read: 217/,
      /Last load write compression ratio: 218/, /Last load read compression ratio: 219/, /Medium mount time: 220/, /Medium ready time: 221/,
      /Total native capacity \[MB\]: 222/, /Total used native capacity \[MB\]: 223/, /Volume serial number: H123456789/, /Tape lot identifier: LOT7/,
      /Volume barcode: SR0001L8/, /Volume manufacturer: FUJIFILM/, /Volume license code: U107/, /Volume personality: Ultrium-8/,
      /Write protect: 0/, /WORM: 1/, /Volume write mounts: 31/, /Beginning of medium passes: 32/, /Middle of medium passes: 33/,
      /partition number: 0, partition record data counter: 0x4d/, /partition number: 1, partition record data counter: 0xffffffffffff/,
      /partition number: 0, partition record data counter: 0xfffffffffffe/, /partition record data counter: 12000000/, /IBM/, /1013000ABC/,
    ],
  },
  "data compression (0x1B)": {
    page: scsi.logPage.dataCompression, parameters: compression, read: scsi.dataCompression, reading: compressionReading, words: compressionWords,
  },
  "data compression of LTO drives (0x32)": {
    page: scsi.logPage.vendorCompression, parameters: compression, read: scsi.dataCompression, reading: compressionReading, words: compressionWords,
  },
  "tape usage (0x30)": {
    page: scsi.logPage.tapeUsage,
    parameters: usage.map(([code, value]) => [code, code === 2 || code === 7 ? value : [1, 3, 8].includes(code) ? value : value.subarray(2)] as const),
    read: scsi.tapeUsage, reading: usageReading, words: usageWords,
  },
  "tape capacity (0x31)": {
    page: scsi.logPage.tapeCapacity,
    parameters: [[1, number(1000, 4)], [2, number(0, 4)], [3, number(2000, 4)], [4, number(0, 4)]],
    read: scsi.capacityOfPartition,
    reading: { remainingBytes: 1000 * 2 ** 20, totalBytes: 2000 * 2 ** 20 },
    words: [/Main partition remaining capacity \(in MiB\): 1000/, /Main partition maximum capacity \(in MiB\): 2000/],
  },
};

describe("readings of log pages", () => {
  const pageOf = ({ page, parameters }: Sample): Uint8Array => scsi.buildLogPage(page, 0, new Map(parameters));

  it.each(Object.entries(samples))("%s, every number under its name", (_name, sample) => {
    const parameters = scsi.parseLogPage(pageOf(sample), sample.page);
    expect(sample.read(parameters ?? new Map())).toEqual(sample.reading);
  });

  // skip: sg3-utils may not be installed
  it.skipIf(!hasSgLogs).each(Object.entries(samples))(
    `%s, as sg_logs reads it${hasSgLogs ? "" : " (skipped: sg3-utils is not installed)"}`,
    (_name, sample) => {
      const said = decodedBySgLogs(pageOf(sample));
      for (const words of sample.words) expect(said).toMatch(words);
    },
  );

  it.each(Object.entries(samples))("%s: nothing is known where nothing was told", (_name, { read }) => {
    const reading = read(new Map()) ?? {};
    const told = Object.values(reading).filter((value) => value !== undefined && (!Array.isArray(value) || value.length > 0));
    // A page without the parameter that says so counts as valid: older drives leave it out.
    expect(told.filter((value) => value !== true)).toEqual([]);
  });

  it("all ones is no number, in a byte or two it is", () => {
    expect(scsi.deviceStatistics(new Map([[0, ones(8)], [1, ones(4)], [2, ones(2)], [3, new Uint8Array(9)], [4, new Uint8Array(0)]]))).toMatchObject({
      loads: undefined, cleanings: undefined, poweredHours: 0xffff, motionHours: undefined, tapeMetres: undefined,
    });
  });

  it.each(Object.entries(samples))("%s: any bytes give a reading, of bounded size", (_name, { page, read }) => {
    const parameters = fc.uniqueArray(fc.tuple(fc.constantFrom(0, 1, 2, 3, 0x40, 0x100, 0x200, 0x204, 0x300, 0x1000), fc.uint8Array({ maxLength: 255 })), {
      selector: ([code]) => code,
    });
    fc.assert(fc.property(parameters, (list) => {
      const parsed = scsi.parseLogPage(scsi.buildLogPage(page, 0, new Map(list)), page);
      expect(JSON.stringify(read(parsed ?? new Map()) ?? null).length).toBeLessThan(40_000);
    }), { numRuns: 60 });
  });

  it("a status that is not valid yet is none", () => {
    expect(scsi.driveStatus(new Map([[0, Uint8Array.of(0xfe, 0xff, 0x01, 0xff)]]))).toBeUndefined();
    expect(scsi.driveStatus(new Map([[0, Uint8Array.of(0x01, 0, 0x42, 0)]]))?.activity).toBe("activity 0x42");
  });

  it("which pages there are", () => {
    expect(scsi.supportedLogPages(Uint8Array.of(0, 0, 0, 4, 0x00, 0x02, 0x2e, 0x71))).toEqual([0, 2, 0x2e, 0x31]);
    expect(scsi.supportedLogPages(Uint8Array.of(0, 0, 0, 9, 0x00, 0x02))).toEqual([0, 2]);
    expect(scsi.supportedLogPages(Uint8Array.of(2, 0, 0, 1, 0))).toEqual([]);
  });
});
