import { type Attribute, attributeFormat, attributeId } from "./attributes.ts";
import { asciiField } from "./bytes.ts";
import { flagNumbers } from "./flag-bits.ts";
import { numberOf, textOf } from "./log-fields.ts";

/** What kind of medium the cartridge is (SPC-5, 7.4.2.3.9). */
export type CartridgeKind = "data" | "cleaning" | "worm" | "unknown";

/** The memory of a cartridge (SPC-5, 7.4; MAM). Whatever is not in it is undefined. */
export interface CartridgeMemory {
  readonly kind: CartridgeKind;
  readonly manufacturer: string | undefined;
  readonly serialNumber: string | undefined;
  /** `2019-07-31`, or as it came where it is no date. */
  readonly manufactured: string | undefined;
  readonly lengthMetres: number | undefined;
  readonly widthMillimetres: number | undefined;
  readonly densityCode: number | undefined;
  readonly formattedDensityCode: number | undefined;
  readonly loads: number | undefined;
  readonly initializations: number | undefined;
  /** Of a cleaning cartridge: how often it may be used. */
  readonly maxCleanings: number | undefined;
  readonly totalBytes: number | undefined;
  readonly remainingBytes: number | undefined;
  readonly lifetimeWrittenBytes: number | undefined;
  readonly lifetimeReadBytes: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly freeMemoryBytes: number | undefined;
  /** TapeAlert flags that were active when it was last unloaded. */
  readonly alerts: readonly number[];
  /** The drives of its last four loads, the last one first. */
  readonly lastDrives: readonly { readonly vendor: string; readonly serial: string }[];
  readonly application: { readonly vendor: string | undefined; readonly name: string | undefined; readonly version: string | undefined };
  readonly barcode: string | undefined;
  readonly userText: string | undefined;
  /** Date and time as the program wrote it: `YYYYMMDDHHMM`. */
  readonly lastWritten: string | undefined;
  readonly owningHost: string | undefined;
  readonly mediaPool: string | undefined;
}

const driveSlots = 4;
const driveVendorBytes = 8;

export function cartridgeMemory(attributes: readonly Attribute[]): CartridgeMemory {
  const byId = new Map(attributes.map((attribute) => [attribute.id, attribute]));
  const value = (id: number): Uint8Array | undefined => byId.get(id)?.value;
  const number = (id: number): number | undefined => numberOf(value(id));
  const mebibytes = (id: number): number | undefined => inBytes(number(id));
  const text = (id: number): string | undefined => words(byId.get(id));
  const kind = kindOf(number(attributeId.mediumType));
  // In tenths of a millimetre.
  const width = number(attributeId.mediumWidth);
  return {
    kind,
    manufacturer: text(attributeId.mediumManufacturer),
    serialNumber: text(attributeId.mediumSerialNumber),
    manufactured: text(attributeId.manufactureDate)?.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3"),
    lengthMetres: number(attributeId.mediumLength),
    widthMillimetres: width === undefined ? undefined : width / 10,
    densityCode: number(attributeId.mediumDensity),
    formattedDensityCode: number(attributeId.formattedDensity),
    loads: number(attributeId.loadCount),
    initializations: number(attributeId.initializations),
    maxCleanings: kind === "cleaning" ? number(attributeId.mediumTypeInformation) : undefined,
    totalBytes: mebibytes(attributeId.maximumCapacity),
    remainingBytes: mebibytes(attributeId.remainingCapacity),
    lifetimeWrittenBytes: mebibytes(attributeId.lifetimeMegabytesWritten),
    lifetimeReadBytes: mebibytes(attributeId.lifetimeMegabytesRead),
    memoryBytes: number(attributeId.memoryCapacity),
    freeMemoryBytes: number(attributeId.freeMemory),
    alerts: flagNumbers(value(attributeId.tapeAlerts)) ?? [],
    lastDrives: Array.from({ length: driveSlots }, (_, at) => driveOf(value(attributeId.lastDrives + at))).filter((drive) => drive !== undefined),
    application: {
      vendor: text(attributeId.applicationVendor),
      name: text(attributeId.applicationName),
      version: text(attributeId.applicationVersion),
    },
    barcode: text(attributeId.barcode),
    userText: text(attributeId.userMediumText),
    lastWritten: text(attributeId.lastWritten),
    owningHost: text(attributeId.owningHost),
    mediaPool: text(attributeId.mediaPool),
  };
}

function inBytes(mebibytes: number | undefined): number | undefined {
  return mebibytes === undefined ? undefined : mebibytes * 2 ** 20;
}

function kindOf(code: number | undefined): CartridgeKind {
  switch (code) {
    case 0x00:
      return "data";
    case 0x01:
      return "cleaning";
    case 0x80:
      return "worm";
    default:
      return "unknown";
  }
}

function driveOf(value: Uint8Array | undefined): { vendor: string; serial: string } | undefined {
  if (value === undefined || value.length <= driveVendorBytes) return undefined;
  const [vendor, serial] = [asciiField(value, 0, driveVendorBytes), asciiField(value, driveVendorBytes, value.length - driveVendorBytes)];
  return vendor === "" && serial === "" ? undefined : { vendor, serial };
}

const longestTextBytes = 256;
const utf8 = new TextDecoder("utf-8");

/**
 * Text attributes are in the character set that attribute 0x0805 names. Everybody writes ASCII or UTF-8 whatever it says, so that is
 * what they are read as; what does not fit shows as U+FFFD. They end at the first zero.
 */
function words(attribute: Attribute | undefined): string | undefined {
  if (attribute?.format !== attributeFormat.text) return textOf(attribute?.value);
  const bytes = attribute.value.subarray(0, longestTextBytes);
  const end = bytes.indexOf(0);
  const text = utf8.decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
  return text === "" ? undefined : text;
}
