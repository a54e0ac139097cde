import { be16, be32, putNumber } from "./bytes.ts";

/** Identifiers of medium auxiliary memory (SPC-5, 7.4.2) that mean something to an archive. */
export const attributeId = {
  remainingCapacity: 0x0000,
  maximumCapacity: 0x0001,
  tapeAlerts: 0x0002,
  loadCount: 0x0003,
  freeMemory: 0x0004,
  formattedDensity: 0x0006,
  initializations: 0x0007,
  volumeChangeReference: 0x0009,
  /** Vendor and serial number of the drives of the last four loads; the last one first. */
  lastDrives: 0x020a,
  lifetimeMegabytesWritten: 0x0220,
  lifetimeMegabytesRead: 0x0221,
  loadMegabytesWritten: 0x0222,
  loadMegabytesRead: 0x0223,
  mediumManufacturer: 0x0400,
  mediumSerialNumber: 0x0401,
  mediumLength: 0x0402,
  mediumWidth: 0x0403,
  assigningOrganization: 0x0404,
  mediumDensity: 0x0405,
  manufactureDate: 0x0406,
  memoryCapacity: 0x0407,
  mediumType: 0x0408,
  mediumTypeInformation: 0x0409,
  applicationVendor: 0x0800,
  applicationName: 0x0801,
  applicationVersion: 0x0802,
  userMediumText: 0x0803,
  lastWritten: 0x0804,
  barcode: 0x0806,
  owningHost: 0x0807,
  mediaPool: 0x0808,
} as const;

export const attributeFormat = { binary: 0, ascii: 1, text: 2 } as const;

export interface Attribute {
  readonly id: number;
  readonly readOnly: boolean;
  readonly format: number;
  readonly value: Uint8Array;
}

/** READ ATTRIBUTE, attribute values (SPC-5, 6.17.2). An attribute that is cut off is left out. */
export function parseAttributes(data: Uint8Array): readonly Attribute[] {
  if (data.length < 4) return [];
  const end = Math.min(data.length, 4 + be32(data, 0));
  const attributes: Attribute[] = [];
  for (let at = 4; at + 5 <= end; ) {
    const next = at + 5 + be16(data, at + 3);
    if (next > end) break;
    const flags = data[at + 2] ?? 0;
    attributes.push({ id: be16(data, at), readOnly: (flags & 0x80) !== 0, format: flags & 0x03, value: data.slice(at + 5, next) });
    at = next;
  }
  return attributes;
}

/** The same list is what WRITE ATTRIBUTE takes (SPC-5, 6.47). */
export function buildAttributes(attributes: readonly Attribute[]): Uint8Array {
  const length = attributes.reduce((sum, { value }) => sum + 5 + value.length, 0);
  const data = new Uint8Array(4 + length);
  putNumber(data, 0, 4, length);
  let at = 4;
  for (const { id, readOnly, format, value } of attributes) {
    putNumber(data, at, 2, id);
    data[at + 2] = (readOnly ? 0x80 : 0) | format;
    putNumber(data, at + 3, 2, value.length);
    data.set(value, at + 5);
    at += 5 + value.length;
  }
  return data;
}
