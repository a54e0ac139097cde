import { asciiField, be16, putAscii, putNumber } from "./bytes.ts";

/** Peripheral device types (SPC-5, table 156). */
export const deviceType = { disk: 0x00, tape: 0x01, mediaChanger: 0x08, none: 0x1f } as const;

/** Standard inquiry data (SPC-5, 6.7.2). */
export interface Inquiry {
  readonly deviceType: number;
  readonly removable: boolean;
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
}

export const inquiryBytes = 36;

/** Undefined when not even the device type is there; texts that are missing come out empty. */
export function parseInquiry(data: Uint8Array): Inquiry | undefined {
  if (data.length < 1) return undefined;
  return {
    deviceType: (data[0] ?? 0) & 0x1f,
    removable: ((data[1] ?? 0) & 0x80) !== 0,
    vendor: asciiField(data, 8, 8),
    product: asciiField(data, 16, 16),
    revision: asciiField(data, 32, 4),
  };
}

export function buildInquiry(inquiry: Inquiry): Uint8Array {
  const data = new Uint8Array(inquiryBytes);
  data.set([inquiry.deviceType, inquiry.removable ? 0x80 : 0, 0x06, 0x02, inquiryBytes - 5]);
  putAscii(data, 8, 8, inquiry.vendor);
  putAscii(data, 16, 16, inquiry.product);
  putAscii(data, 32, 4, inquiry.revision);
  return data;
}

export const vitalPage = { supported: 0x00, serialNumber: 0x80, deviceIdentification: 0x83, blockProtection: 0xb5 } as const;

/** The body of a page of vital product data, cut to what came; undefined when it is another page. */
export function parseVitalPage(data: Uint8Array, page: number): Uint8Array | undefined {
  if (data.length < 4 || data[1] !== page) return undefined;
  return data.subarray(4, Math.min(data.length, 4 + be16(data, 2)));
}

export function buildVitalPage(type: number, page: number, body: Uint8Array): Uint8Array {
  const data = new Uint8Array(4 + body.length);
  data.set([type, page]);
  putNumber(data, 2, 2, body.length);
  data.set(body, 4);
  return data;
}

/** Unit serial number (SPC-5, 7.7.16). */
export function parseSerialNumber(data: Uint8Array): string | undefined {
  const body = parseVitalPage(data, vitalPage.serialNumber);
  return body === undefined ? undefined : asciiField(body, 0, body.length);
}
