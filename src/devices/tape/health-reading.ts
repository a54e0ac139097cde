import {
  cartridgeMemory, type CartridgeMemory, dataCompression, deviceStatistics, driveStatus, errorCounters, type ErrorCounters, logPage, type LogParameters,
  logSenseCdb, senseOf, sequentialAccess, supportedLogPages, tapeUsage, volumeStatistics, type VolumeStatistics,
} from "../../scsi/index.ts";
import { StrongroomError } from "../../words/index.ts";
import { type DriveChannel, losesPosition } from "./channel.ts";
import type { CartridgeCondition, DriveCondition, DriveHealth, ErrorRate, HealthOptions } from "./health-contract.ts";
import { cleaningNeed, findingsOf } from "./health-findings.ts";
import { readAttributes, readCapacity, readLogPage, readMedium, readTapeAlerts } from "./particulars.ts";

const nothing: LogParameters = new Map();

/**
 * Asks for every page there is, one after the other; changes nothing and moves no tape. A page that the drive has but cannot give now counts
 * as one it does not have; a lost position or a lost drive rejects as everywhere.
 */
export async function readHealth(channel: DriveChannel, { withCartridge, mayClearAlerts }: HealthOptions): Promise<DriveHealth> {
  const pages = await pageReader(channel);
  const drive = await readDrive(channel, pages, mayClearAlerts);
  const cartridge = withCartridge ? await readCartridge(channel, pages) : undefined;
  return { findings: findingsOf(drive, cartridge), cleaning: cleaningNeed(drive), drive, cartridge };
}

type PageReader = (page: number) => Promise<LogParameters>;

const supportedBytes = 256;

/** Without page 0x00 every page is tried; with it only those that are listed. */
async function pageReader(channel: DriveChannel): Promise<PageReader> {
  const list = await unlessRefused(() => channel.question(logSenseCdb(logPage.supported, 0, supportedBytes), supportedBytes, "asking for its log pages"));
  const listed = new Set(list === undefined ? [] : supportedLogPages(list));
  return async (page) => {
    if (listed.size > 0 && !listed.has(page)) return nothing;
    return (await unlessRefused(() => readLogPage(channel, page))) ?? nothing;
  };
}

async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    const sense = thrown instanceof StrongroomError ? senseOf(thrown) : undefined;
    if (sense === undefined || sense.deferred || losesPosition(sense)) throw thrown;
    return undefined;
  }
}

async function readDrive(channel: DriveChannel, pages: PageReader, mayClearAlerts: boolean): Promise<DriveCondition> {
  const transfers = sequentialAccess(await pages(logPage.sequentialAccess));
  const compression = dataCompression(await pages(logPage.dataCompression));
  return {
    asksForCleaning: channel.asksForCleaning,
    alerts: (await unlessRefused(() => readTapeAlerts(channel, mayClearAlerts))) ?? [],
    status: driveStatus(await pages(logPage.deviceStatus)),
    statistics: deviceStatistics(await pages(logPage.deviceStatistics)),
    transfers,
    compression: isKnown(compression) ? compression : dataCompression(await pages(logPage.vendorCompression)),
    writing: errorRate(errorCounters(await pages(logPage.writeErrors)), transfers.writtenBytes),
    reading: errorRate(errorCounters(await pages(logPage.readErrors)), transfers.readBytes),
  };
}

function isKnown(reading: object): boolean {
  return Object.values(reading).some((value) => value !== undefined);
}

const gigabyte = 1e9;

/** What the counters count is preferred to what the other page says. */
function errorRate(counters: ErrorCounters, transferredBytes: number | undefined): ErrorRate {
  const processedBytes = counters.processedBytes === undefined || counters.processedBytes === 0 ? transferredBytes : counters.processedBytes;
  const rate = (errors: number | undefined): number | undefined => {
    return errors === undefined || processedBytes === undefined || processedBytes < gigabyte ? undefined : errors / (processedBytes / gigabyte);
  };
  return {
    counters,
    processedBytes,
    correctedPerGigabyte: rate(counters.corrected),
    uncorrectedPerGigabyte: rate(counters.uncorrected),
  };
}

async function readCartridge(channel: DriveChannel, pages: PageReader): Promise<CartridgeCondition | undefined> {
  const medium = await unlessRefused(() => readMedium(channel));
  if (medium === undefined) return undefined;
  const statistics = await readStatistics(pages);
  const attributes = await unlessRefused(() => readAttributes(channel, 0));
  const memory = attributes === undefined || attributes.length === 0 ? undefined : cartridgeMemory(attributes);
  const capacity = await unlessRefused(() => readCapacity(channel));
  return {
    medium,
    capacity,
    statistics,
    memory,
    encrypted: encryptionOf(statistics),
    loads: memory?.loads ?? statistics.threads,
    passes: passesOf(statistics),
    fills: fillsOf(memory, statistics, capacity?.totalBytes),
  };
}

/** Drives that have page 0x17 without the counters, or not at all, may have them in page 0x30. */
async function readStatistics(pages: PageReader): Promise<VolumeStatistics> {
  const statistics = volumeStatistics(await pages(logPage.volumeStatistics));
  const isTold = statistics.valid && statistics.threads !== undefined;
  return isTold ? statistics : { ...statistics, ...tapeUsage(await pages(logPage.tapeUsage)) };
}

function encryptionOf({ partitions }: VolumeStatistics): CartridgeCondition["encrypted"] {
  if (partitions.some(({ firstEncryptedObject }) => typeof firstEncryptedObject === "number")) return "yes";
  return partitions.length > 0 && partitions.every(({ firstEncryptedObject }) => firstEncryptedObject === "none") ? "no" : "unknown";
}

function passesOf({ beginningPasses, middlePasses }: VolumeStatistics): number | undefined {
  return beginningPasses === undefined && middlePasses === undefined ? undefined : Math.max(beginningPasses ?? 0, middlePasses ?? 0);
}

function fillsOf(memory: CartridgeMemory | undefined, statistics: VolumeStatistics, totalBytes: number | undefined): number | undefined {
  const writtenBytes = memory?.lifetimeWrittenBytes ?? inBytes(statistics.writtenMegabytes);
  const readBytes = memory?.lifetimeReadBytes ?? inBytes(statistics.readMegabytes);
  if (totalBytes === undefined || totalBytes === 0 || (writtenBytes === undefined && readBytes === undefined)) return undefined;
  return ((writtenBytes ?? 0) + (readBytes ?? 0)) / totalBytes;
}

function inBytes(megabytes: number | undefined): number | undefined {
  return megabytes === undefined ? undefined : megabytes * 1e6;
}
