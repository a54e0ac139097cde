import {
  alertsOfFlags, alertsOfResponse, type Attribute, attributeId, beNumber, buildAttributes, capacityOfPartition, capacityOfVolume, type Density,
  inquiryBytes, inquiryCdb, logPage, logSenseCdb, type LogParameters, modePage, modeSense6Cdb, parseAttributes, parseBlockLimits, blockLimitsBytes,
  parseDensities, parseInquiry, parseLogPage, parseMode6, parseSerialNumber, readAttributeCdb, readBlockLimitsCdb, reportDensityCdb, type Sense, senseKey, type TapeCapacity,
  vitalPage, writeAttributeCdb,
} from "../../scsi/index.ts";
import { StrongroomError } from "../../words/index.ts";
import { type DriveChannel, isRemark, isUnsupported } from "./channel.ts";
import type { DriveIdentity, LoadedMedium } from "./contract.ts";
import { timeoutMs } from "./timeouts/index.ts";

const logBytes = 16 * 1024;
/** Attributes of cartridge memories are a few hundred bytes; the whole memory of an LTO cartridge is 16 KiB. */
const attributeBytes = 16 * 1024;
const largestBlockBytes = 0xff_ffff;
const cleaningMediumType = 0x01;

export async function readIdentity(channel: DriveChannel): Promise<DriveIdentity> {
  const doing = "asking who it is";
  const inquiry = parseInquiry((await channel.question(inquiryCdb(inquiryBytes), inquiryBytes, doing)) ?? new Uint8Array(0));
  if (inquiry === undefined) {
    throw new StrongroomError("failed", "DEVICE_ANSWER_UNREADABLE", `drive ${channel.name} does not say what it is`, {
      hint: "look into the device's own log, and repeat the work after a reset of the device",
    });
  }
  const serial = parseSerialNumber((await channel.question(inquiryCdb(255, vitalPage.serialNumber), 255, doing)) ?? new Uint8Array(0));
  const { vendor, product, revision } = inquiry;
  return { vendor, product, revision, serial: serial ?? "" };
}

/** Bytes of the largest block that both the drive and the way to it take. */
export async function readMaxBlockBytes(channel: DriveChannel): Promise<number> {
  const data = await channel.question(readBlockLimitsCdb(), blockLimitsBytes, "asking for its block limits");
  const limit = data === undefined ? undefined : parseBlockLimits(data)?.maxBlockBytes;
  // Zero means that the drive sets no limit (SSC-5, 7.5.2): what the command can say is the limit then.
  return Math.min(limit === undefined || limit === 0 ? largestBlockBytes : limit, channel.maxTransferBytes, largestBlockBytes);
}

/** From the medium configuration page (SSC-5, 8.3.7), which says WORM, or at least from the header that any page comes with. */
export async function readMedium(channel: DriveChannel): Promise<LoadedMedium> {
  for (const page of [mediumConfigurationPage, modePage.deviceConfiguration, modePage.all]) {
    const data = await channel.question(modeSense6Cdb(page, 0, 255), 255, "asking what is loaded");
    const mode = data === undefined ? undefined : parseMode6(data);
    if (mode === undefined) continue;
    const configuration = mode.pages.find((each) => each.page === mediumConfigurationPage && each.subpage === 0);
    const isWorm = ((configuration?.body[0] ?? 0) & 0x01) !== 0 || isWormType(mode.mediumType);
    const kind = mode.mediumType === cleaningMediumType ? "cleaning" : (mode.densityCode ?? 0) !== 0 || mode.mediumType !== 0 ? "data" : "unknown";
    return { writeProtected: mode.writeProtected, worm: isWorm, densityCode: mode.densityCode ?? 0, kind };
  }
  return { writeProtected: false, worm: false, densityCode: 0, kind: "unknown" };
}

const mediumConfigurationPage = 0x1d;

/** LTO drives say 0x3C to 0xAC for WORM cartridges, 0x38 to 0xA8 for the others. */
function isWormType(mediumType: number): boolean {
  return mediumType >= 0x30 && mediumType < 0xb0 && (mediumType & 0x0f) === 0x0c;
}

const densityBytes = 8 * 1024;

/** What cartridges the drive takes (REPORT DENSITY SUPPORT); empty where it does not tell. */
export async function readDensities(channel: DriveChannel): Promise<readonly Density[]> {
  const data = await channel.question(reportDensityCdb(densityBytes, false), densityBytes, "asking what cartridges it takes");
  return data === undefined ? [] : parseDensities(data);
}

export async function readLogPage(channel: DriveChannel, page: number, subpage = 0): Promise<LogParameters | undefined> {
  const data = await channel.question(logSenseCdb(page, subpage, logBytes), logBytes, `reading log page 0x${page.toString(16)}`);
  return data === undefined ? undefined : parseLogPage(data, page);
}

/** From whichever of the three places has it: the capacity page of LTO drives, volume statistics, the cartridge memory. */
export async function readCapacity(channel: DriveChannel): Promise<TapeCapacity | undefined> {
  const partition = await readLogPage(channel, logPage.tapeCapacity);
  const ofPartition = partition === undefined ? undefined : capacityOfPartition(partition);
  if (ofPartition !== undefined && ofPartition.totalBytes > 0) return ofPartition;
  const volume = await readLogPage(channel, logPage.volumeStatistics);
  const ofVolume = volume === undefined ? undefined : capacityOfVolume(volume);
  if (ofVolume !== undefined && ofVolume.totalBytes > 0) return ofVolume;
  const total = await readAttribute(channel, attributeId.maximumCapacity);
  const remaining = await readAttribute(channel, attributeId.remainingCapacity);
  if (total === undefined || remaining === undefined) return undefined;
  return { totalBytes: beNumber(total) * 2 ** 20, remainingBytes: beNumber(remaining) * 2 ** 20 };
}

/** Page 0x12 is asked first because reading it clears nothing, unlike 0x2E, which is left alone unless it may be cleared. */
export async function readTapeAlerts(channel: DriveChannel, mayClear = true): Promise<readonly number[]> {
  const response = await readLogPage(channel, logPage.tapeAlertResponse);
  const alerts = response === undefined ? undefined : alertsOfResponse(response);
  if (alerts !== undefined || !mayClear) return alerts ?? [];
  const flags = await readLogPage(channel, logPage.tapeAlert);
  return flags === undefined ? [] : alertsOfFlags(flags);
}

/** No medium, no memory in it, a memory that cannot be read: each means that there is no such attribute. */
function isWithoutMemory(sense: Sense): boolean {
  const isAbsent = sense.key === senseKey.notReady && (sense.asc === 0x3a || sense.asc === 0x04);
  return isAbsent || isUnsupported(sense) || sense.key === senseKey.mediumError || (sense.key === senseKey.hardwareError && sense.asc === 0x04);
}

/** The attributes from that identifier on, as many as come in one answer; undefined where there is no memory to ask. */
export async function readAttributes(channel: DriveChannel, firstId: number): Promise<readonly Attribute[] | undefined> {
  const dataIn = new Uint8Array(attributeBytes);
  const doing = firstId === 0 ? "reading the cartridge memory" : `reading attribute 0x${firstId.toString(16)} of the cartridge memory`;
  const command = { cdb: readAttributeCdb(firstId, attributeBytes), dataIn, timeoutMs: timeoutMs.attribute };
  const { sense, transferredBytes } = await channel.ask(command, doing);
  if (sense !== undefined && isWithoutMemory(sense)) return undefined;
  if (sense !== undefined && !isRemark(sense)) throw channel.failure(sense, doing);
  return parseAttributes(dataIn.subarray(0, transferredBytes));
}

export async function readAttribute(channel: DriveChannel, id: number): Promise<Uint8Array | undefined> {
  return (await readAttributes(channel, id))?.find((attribute) => attribute.id === id)?.value;
}

export async function writeAttribute(channel: DriveChannel, attribute: Omit<Attribute, "readOnly">): Promise<boolean> {
  const dataOut = buildAttributes([{ ...attribute, readOnly: false }]);
  const doing = `writing attribute 0x${attribute.id.toString(16)} of the cartridge memory`;
  const { sense } = await channel.ask({ cdb: writeAttributeCdb(dataOut.length), dataOut, timeoutMs: timeoutMs.attribute }, doing);
  if (sense === undefined || isRemark(sense)) return true;
  if (isWithoutMemory(sense) || sense.key === senseKey.dataProtect || sense.key === senseKey.illegalRequest) return false;
  throw channel.failure(sense, doing);
}

