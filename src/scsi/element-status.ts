import { be16, be24, putAscii, putNumber } from "./bytes.ts";

/** SMC-3, table 8. */
export const elementType = { all: 0, transport: 1, slot: 2, mailSlot: 3, drive: 4 } as const;

/** One element descriptor of READ ELEMENT STATUS (SMC-3, 6.11.5). */
export interface ElementStatus {
  readonly type: number;
  readonly address: number;
  readonly full: boolean;
  readonly accessible: boolean;
  /** `asc << 8 | ascq` when EXCEPT is set. */
  readonly exception: number | undefined;
  /** Where the medium came from, when SVALID. */
  readonly sourceAddress: number | undefined;
  /** Visible ASCII without blanks at its ends; undefined without a tag, and for one with bytes that no barcode has. */
  readonly volumeTag: string | undefined;
  /** Serial number, or vendor, product and serial number, as the device puts it in the device identifier. Undefined when it was cut off. */
  readonly deviceId: string | undefined;
}

export interface ElementStatusAnswer {
  /** How many elements the device means to report, in this answer or cut off. */
  readonly reported: number;
  /** Length of the whole report after its header, in bytes. */
  readonly reportBytes: number;
  readonly elements: readonly ElementStatus[];
}

const headerBytes = 8;
const tagBytes = 36;

/**
 * Every descriptor of as many pages as there are that has come as far as its volume tag: devices are known that send a few bytes
 * too few, and what stands behind the tag can be missed. Total: whatever the bytes, it ends, and makes no more elements than there is
 * room for. A page whose descriptors have no length, or one that no descriptor can have, ends the reading.
 */
export function parseElementStatus(data: Uint8Array): ElementStatusAnswer | undefined {
  if (data.length < headerBytes) return undefined;
  const reportBytes = be24(data, 5);
  const end = Math.min(data.length, headerBytes + reportBytes);
  const elements: ElementStatus[] = [];
  for (let at = headerBytes; at + headerBytes <= end; ) {
    const page = data.subarray(at, at + headerBytes);
    const descriptorBytes = be16(page, 2);
    const pageEnd = at + headerBytes + be24(page, 5);
    if (descriptorBytes < 12) break;
    for (let start = at + headerBytes; start < Math.min(pageEnd, end); start += descriptorBytes) {
      const descriptor = data.subarray(start, Math.min(start + descriptorBytes, pageEnd, end));
      const element = parseDescriptor(page, descriptor);
      if (element !== undefined) elements.push(element);
    }
    at = pageEnd;
  }
  return { reported: be16(data, 2), reportBytes, elements };
}

function parseDescriptor(page: Uint8Array, data: Uint8Array): ElementStatus | undefined {
  const tagged = ((page[1] ?? 0) & 0x80) !== 0;
  const idAt = 12 + (tagged ? tagBytes : 0) + (((page[1] ?? 0) & 0x40) !== 0 ? tagBytes : 0);
  if (data.length < (tagged ? 12 + 32 : 12)) return undefined;
  const flags = data[2] ?? 0;
  return {
    type: (page[0] ?? 0) & 0x0f,
    address: be16(data, 0),
    full: (flags & 0x01) !== 0,
    accessible: (flags & 0x08) !== 0,
    exception: (flags & 0x04) === 0 ? undefined : be16(data, 4),
    sourceAddress: ((data[9] ?? 0) & 0x80) === 0 ? undefined : be16(data, 10),
    volumeTag: tagged ? visibleText(data.subarray(12, 12 + 32)) : undefined,
    deviceId: deviceIdAt(data, idAt),
  };
}

/** A serial number of which the end is missing could be that of another drive. */
function deviceIdAt(data: Uint8Array, at: number): string | undefined {
  const idBytes = data[at + 3] ?? 0;
  const isBinary = ((data[at] ?? 0) & 0x0f) === 0x01;
  return isBinary || data.length < at + 4 + idBytes ? undefined : visibleText(data.subarray(at + 4, at + 4 + idBytes));
}

/**
 * Padded with blanks, by some devices ended by a zero with rubbish behind it (SMC-3, 6.11.6 leaves it open). What holds control
 * characters or bytes beyond ASCII was misread: taking it for a name would give two cartridges one barcode, and a terminal commands.
 */
function visibleText(field: Uint8Array): string | undefined {
  const zero = field.indexOf(0);
  const bytes = zero === -1 ? field : field.subarray(0, zero);
  if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) return undefined;
  const text = String.fromCharCode(...bytes).trim();
  return text === "" ? undefined : text;
}

export interface ElementStatusLayout {
  readonly volumeTags: boolean;
  readonly deviceIds: boolean;
}

/** Vendor, product and serial number (SPC-5, 7.7.6.4). */
const deviceIdBytes = 34;

/** The whole report, a page for each run of elements of one type; the caller cuts it at the allocation length. */
export function buildElementStatus(elements: readonly ElementStatus[], layout: ElementStatusLayout): Uint8Array {
  const descriptorBytes = 12 + (layout.volumeTags ? tagBytes : 0) + 4 + (layout.deviceIds ? deviceIdBytes : 0);
  const runs: ElementStatus[][] = [];
  for (const element of elements) {
    const last = runs.at(-1);
    if (last?.[0]?.type === element.type) last.push(element);
    else runs.push([element]);
  }
  const data = new Uint8Array(headerBytes + runs.length * headerBytes + elements.length * descriptorBytes);
  putNumber(data, 0, 2, elements.reduce((least, { address }) => Math.min(least, address), elements[0]?.address ?? 0));
  putNumber(data, 2, 2, elements.length);
  putNumber(data, 5, 3, data.length - headerBytes);
  let at = headerBytes;
  for (const run of runs) {
    data.set([run[0]?.type ?? 0, layout.volumeTags ? 0x80 : 0], at);
    putNumber(data, at + 2, 2, descriptorBytes);
    putNumber(data, at + 5, 3, run.length * descriptorBytes);
    at += headerBytes;
    for (const element of run) {
      buildDescriptor(data.subarray(at, at + descriptorBytes), element, layout);
      at += descriptorBytes;
    }
  }
  return data;
}

function buildDescriptor(data: Uint8Array, element: ElementStatus, layout: ElementStatusLayout): void {
  putNumber(data, 0, 2, element.address);
  data[2] = (element.full ? 0x01 : 0) | (element.accessible ? 0x08 : 0) | (element.exception === undefined ? 0 : 0x04);
  putNumber(data, 4, 2, element.exception ?? 0);
  if (element.sourceAddress !== undefined) {
    data[9] = 0x80;
    putNumber(data, 10, 2, element.sourceAddress);
  }
  if (layout.volumeTags && element.volumeTag !== undefined) putAscii(data, 12, 32, element.volumeTag);
  const idAt = 12 + (layout.volumeTags ? tagBytes : 0);
  if (!layout.deviceIds || element.deviceId === undefined) return;
  data.set([0x02, 0x00, 0x00, deviceIdBytes], idAt);
  putAscii(data, idAt + 4, deviceIdBytes, element.deviceId);
}
