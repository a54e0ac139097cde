import {
  alertsOfFlags, alertsOfResponse, capacityOfPartition, capacityOfVolume, cartridgeMemory, dataCompression, describeSense, describeTransportId, deviceStatistics,
  driveStatus, errorCounters, keyNameOf, logPage, parseAccessOrder, parseAccessOrderLimits, parseAttributes, parseBlockLimits, parseDensities, parseElementRanges,
  parseElementStatus, parseEncryptionStatus, parseExchangesDrives, parseInquiry, parseLogPage, parseLongPosition, parseMode6, parseNextBlockEncryption,
  parseRegistrations, parseReservation, parseReservationCapabilities, parseReservationKeys, parseSense, parseSerialNumber, parseShortPosition, parseSupportedOpcodes,
  parseVitalPage, pollingDelayMs, portStatuses, senseMeaning, senseTriple, sequentialAccess, supportedLogPages, tapeUsage, volumeStatistics,
} from "../../../src/scsi/index.ts";
import type { ParserUnderTest } from "./contract.ts";
import { deviceAnswers } from "./device-samples.ts";

const readersOfLogPages = [
  errorCounters, sequentialAccess, dataCompression, deviceStatistics, driveStatus, pollingDelayMs, portStatuses, tapeUsage, volumeStatistics, alertsOfResponse,
  alertsOfFlags, capacityOfPartition, capacityOfVolume,
] as const;

function readLogPage(data: Uint8Array): void {
  supportedLogPages(data);
  for (const page of new Set([(data[0] ?? 0) & 0x3f, ...Object.values(logPage)])) {
    const parameters = parseLogPage(data, page);
    if (parameters !== undefined) for (const read of readersOfLogPages) read(parameters);
  }
}

function readSense(data: Uint8Array): void {
  const sense = parseSense(data);
  if (sense === undefined) return;
  describeSense(sense);
  senseTriple(sense);
  senseMeaning(sense);
}

function readMode(data: Uint8Array): void {
  for (const { body } of parseMode6(data)?.pages ?? []) {
    parseElementRanges(body);
    parseExchangesDrives(body);
  }
}

function readReservations(data: Uint8Array): void {
  parseReservationKeys(data);
  parseReservation(data);
  parseReservationCapabilities(data);
  for (const { transportId } of parseRegistrations(data) ?? []) describeTransportId(transportId);
}

function readEncryption(data: Uint8Array): void {
  for (const found of [parseEncryptionStatus(data), parseNextBlockEncryption(data)]) if (found !== undefined) keyNameOf(found.keyData);
}

/** What is read of drives and changers. */
export async function deviceParsers(): Promise<readonly ParserUnderTest[]> {
  const answers = await deviceAnswers();
  const inputs = 5000;
  return [
    { name: "sense", samples: answers.sense, parse: readSense, inputs },
    { name: "inquiry", samples: answers.inquiry, parse: parseInquiry, inputs },
    {
      name: "vital product data", samples: answers.vitalPages, inputs,
      parse: (data) => [parseSerialNumber(data), ...[0x00, 0x80, 0x83, 0xb5].map((page) => parseVitalPage(data, page))],
    },
    { name: "log pages", samples: answers.logPages, parse: readLogPage, inputs },
    { name: "mode pages", samples: answers.modes, parse: readMode, inputs },
    { name: "element status", samples: answers.elements, parse: parseElementStatus, inputs },
    { name: "cartridge memory", samples: answers.attributes, parse: (data) => cartridgeMemory(parseAttributes(data)), inputs },
    { name: "densities", samples: answers.densities, parse: parseDensities, inputs },
    { name: "positions", samples: answers.positions, parse: (data) => [parseShortPosition(data), parseLongPosition(data)], inputs },
    { name: "block limits", samples: answers.blockLimits, parse: parseBlockLimits, inputs },
    { name: "supported commands", samples: answers.opcodes, parse: parseSupportedOpcodes, inputs },
    { name: "access order", samples: answers.accessOrder, parse: (data) => [parseAccessOrderLimits(data), parseAccessOrder(data)], inputs },
    { name: "reservations", samples: answers.reservations, parse: readReservations, inputs },
    { name: "encryption pages", samples: answers.encryption, parse: readEncryption, inputs },
  ];
}
