import { be16, be24, putNumber } from "./bytes.ts";

export const modePage = {
  headerOnly: 0x00,
  control: 0x0a,
  compression: 0x0f,
  deviceConfiguration: 0x10,
  mediumPartition: 0x11,
  elementAddressAssignment: 0x1d,
  changerCapabilities: 0x1f,
  all: 0x3f,
} as const;

export const deviceConfigurationExtension = 0x01;
/** Subpage of the control page (SSC-5, 8.3.9). */
export const controlDataProtection = 0xf0;

/** Mode parameter header (6), its block descriptor, and the pages (SPC-5, 7.5; SSC-5, 8.3). */
export interface ModeData {
  readonly mediumType: number;
  /** The device-specific parameter of sequential-access devices: bit 7 write protect, bits 6-4 buffered mode. */
  readonly writeProtected: boolean;
  readonly bufferedMode: number;
  readonly densityCode: number | undefined;
  /** 0: blocks are variable. Undefined without a block descriptor. */
  readonly blockBytes: number | undefined;
  readonly pages: readonly ModePage[];
}

export interface ModePage {
  readonly page: number;
  readonly subpage: number;
  /** What follows the page header: byte 2 of the standard's tables is byte 0 here, byte 4 for subpages. */
  readonly body: Uint8Array;
}

/** The answer to MODE SENSE(6). Undefined when it has no whole header; a page that is cut off is left out. */
export function parseMode6(data: Uint8Array): ModeData | undefined {
  if (data.length < 4) return undefined;
  const end = Math.min(data.length, 1 + (data[0] ?? 0));
  const descriptorBytes = data[3] ?? 0;
  const described = descriptorBytes >= 8 && end >= 12;
  return {
    mediumType: data[1] ?? 0,
    writeProtected: ((data[2] ?? 0) & 0x80) !== 0,
    bufferedMode: ((data[2] ?? 0) >> 4) & 0x07,
    densityCode: described ? data[4] : undefined,
    blockBytes: described ? be24(data, 9) : undefined,
    pages: parsePages(data.subarray(0, end), 4 + descriptorBytes),
  };
}

function parsePages(data: Uint8Array, start: number): ModePage[] {
  const pages: ModePage[] = [];
  for (let at = start; at + 2 <= data.length; ) {
    const code = data[at] ?? 0;
    const long = (code & 0x40) !== 0;
    const bodyAt = at + (long ? 4 : 2);
    if (bodyAt > data.length) break;
    const next = bodyAt + (long ? be16(data, at + 2) : (data[at + 1] ?? 0));
    if (next > data.length) break;
    pages.push({ page: code & 0x3f, subpage: long ? (data[at + 1] ?? 0) : 0, body: data.subarray(bodyAt, next) });
    at = next;
  }
  return pages;
}

export function buildMode6(mode: ModeData): Uint8Array {
  const descriptor = new Uint8Array(mode.densityCode === undefined ? 0 : 8);
  if (mode.densityCode !== undefined) {
    descriptor[0] = mode.densityCode;
    putNumber(descriptor, 5, 3, mode.blockBytes ?? 0);
  }
  const pages = mode.pages.map(buildPage);
  const length = pages.reduce((sum, page) => sum + page.length, 4 + descriptor.length);
  const data = new Uint8Array(length);
  data.set([Math.min(255, length - 1), mode.mediumType, (mode.writeProtected ? 0x80 : 0) | (mode.bufferedMode << 4), descriptor.length]);
  data.set(descriptor, 4);
  let at = 4 + descriptor.length;
  for (const page of pages) {
    data.set(page, at);
    at += page.length;
  }
  return data;
}

function buildPage(page: ModePage): Uint8Array {
  const head = page.subpage === 0 ? [page.page, page.body.length] : [page.page | 0x40, page.subpage, page.body.length >> 8, page.body.length & 0xff];
  return Uint8Array.from([...head, ...page.body]);
}

/** What MODE SELECT takes to set variable blocks and buffered mode: the header's length is reserved there (SPC-5, 7.5.5). */
export function buildVariableBlockSelect(densityCode: number): Uint8Array {
  const data = buildMode6({ mediumType: 0, writeProtected: false, bufferedMode: 1, densityCode, blockBytes: 0, pages: [] });
  data[0] = 0;
  return data;
}

/** Element address assignment (SMC-3, 7.3.4): the first address and the number of elements of each type. */
export interface ElementRanges {
  readonly transports: ElementRange;
  readonly slots: ElementRange;
  readonly mailSlots: ElementRange;
  readonly drives: ElementRange;
}

export interface ElementRange {
  readonly first: number;
  readonly count: number;
}

export function parseElementRanges(body: Uint8Array): ElementRanges | undefined {
  if (body.length < 16) return undefined;
  const rangeAt = (at: number): ElementRange => ({ first: be16(body, at), count: be16(body, at + 2) });
  return { transports: rangeAt(0), slots: rangeAt(4), mailSlots: rangeAt(8), drives: rangeAt(12) };
}

/** Whether a slot's cartridge may be exchanged with a drive's: ST<>DT of the device capabilities page (SMC-3, 7.3.3). */
export function parseExchangesDrives(body: Uint8Array): boolean {
  return ((body[11] ?? 0) & 0x08) !== 0;
}

export function buildElementRanges(ranges: ElementRanges): Uint8Array {
  const body = new Uint8Array(18);
  [ranges.transports, ranges.slots, ranges.mailSlots, ranges.drives].forEach((range, index) => {
    putNumber(body, index * 4, 2, range.first);
    putNumber(body, index * 4 + 2, 2, range.count);
  });
  return body;
}
