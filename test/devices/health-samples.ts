import type { CartridgeCondition, DriveCondition } from "../../src/devices/tape/index.ts";
import { dataCompression, deviceStatistics, errorCounters, sequentialAccess, volumeStatistics } from "../../src/scsi/index.ts";

const nothing = new Map<number, Uint8Array>();
const noRate = { counters: errorCounters(nothing), processedBytes: undefined, correctedPerGigabyte: undefined, uncorrectedPerGigabyte: undefined };

/** A drive that tells nothing. */
export const silentDrive: DriveCondition = {
  alerts: [],
  asksForCleaning: false,
  status: undefined,
  statistics: deviceStatistics(nothing),
  transfers: sequentialAccess(nothing),
  compression: dataCompression(nothing),
  writing: noRate,
  reading: noRate,
};

/** A data cartridge of which nothing is told. */
export const silentCartridge: CartridgeCondition = {
  medium: { writeProtected: false, worm: false, densityCode: 0, kind: "data" },
  capacity: undefined,
  statistics: volumeStatistics(nothing),
  memory: undefined,
  encrypted: "unknown",
  loads: undefined,
  passes: undefined,
  fills: undefined,
};
