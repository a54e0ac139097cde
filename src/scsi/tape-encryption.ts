import { be16, be64 } from "./bytes.ts";

/** Pages of tape data encryption (SSC-5, 9.5.2 and 9.5.3). */
export const encryptionPage = {
  inSupport: 0x0000,
  outSupport: 0x0001,
  capabilities: 0x0010,
  /** The same number in the other direction. */
  setDataEncryption: 0x0010,
  keyFormats: 0x0011,
  managementCapabilities: 0x0012,
  status: 0x0020,
  nextBlock: 0x0021,
} as const;

/** SSC-5, tables 211 and 212: with a key, or outside the drive. */
export const encryptionMode = { disable: 0, external: 1, encrypt: 2 } as const;
export const decryptionMode = { disable: 0, raw: 1, decrypt: 2, mixed: 3 } as const;

/** SSC-5, table 158: to whom settings apply. `public` means that this path has none of its own. */
export const encryptionScope = { public: 0, local: 1, allNexuses: 2 } as const;

/** SSC-5, 9.5.2.8: who may set keys. */
export const encryptionControl = { notReported: 0, anybody: 1, drive: 2, library: 3, management: 4 } as const;

/** Key-associated data: U-KAD is chosen by whoever set the key, and names it; A-KAD is that, authenticated (SSC-5, 9.4.2). */
export const keyDataType = { unauthenticated: 0, authenticated: 1, nonce: 2, metadata: 3 } as const;

export interface KeyData {
  readonly type: number;
  readonly value: Uint8Array;
}

/** Data Encryption Status (page 0020h), as it holds for the path it was asked along. */
export interface EncryptionStatus {
  /** Of the settings in force: see `encryptionScope`. */
  readonly scope: number;
  readonly encryption: number;
  readonly decryption: number;
  readonly algorithmIndex: number;
  /** Counts up with each change of the key. */
  readonly keyInstance: number;
  readonly control: number;
  readonly keyData: readonly KeyData[];
}

/** SSC-5, table 167. */
export const blockEncryption = {
  unknown: 0,
  notNow: 1,
  noBlock: 2,
  plain: 3,
  foreignAlgorithm: 4,
  readable: 5,
  keyNeeded: 6,
} as const;

/** Next Block Encryption Status (page 0021h). */
export interface NextBlockEncryption {
  readonly objectNumber: number;
  /** See `blockEncryption`. */
  readonly status: number;
  readonly algorithmIndex: number;
  readonly keyData: readonly KeyData[];
}

/** More than drives hold: hostile answers must not become long lists. */
const mostKeyData = 16;

export function parseEncryptionStatus(data: Uint8Array): EncryptionStatus | undefined {
  const page = pageOf(data, encryptionPage.status, 24);
  if (page === undefined) return undefined;
  const at = (offset: number): number => page[offset] ?? 0;
  return {
    // The upper three bits say along which paths, the lower ones where the key came from: a key of another path has its scope.
    scope: Math.max(at(4) >> 5, at(4) & 0x07),
    encryption: at(5),
    decryption: at(6),
    algorithmIndex: at(7),
    keyInstance: be16(page, 8) * 0x1_0000 + be16(page, 10),
    control: (at(12) >> 4) & 0x07,
    keyData: parseKeyData(page, 24),
  };
}

export function parseNextBlockEncryption(data: Uint8Array): NextBlockEncryption | undefined {
  const page = pageOf(data, encryptionPage.nextBlock, 16);
  if (page === undefined) return undefined;
  return {
    objectNumber: be64(page, 4),
    status: (page[12] ?? 0) & 0x0f,
    algorithmIndex: page[13] ?? 0,
    keyData: parseKeyData(page, 16),
  };
}

/** The page as long as it says and as it came, or undefined when it is another one or lacks its fixed fields. */
function pageOf(data: Uint8Array, code: number, fixedBytes: number): Uint8Array | undefined {
  if (data.length < fixedBytes || be16(data, 0) !== code) return undefined;
  const page = data.subarray(0, 4 + be16(data, 2));
  return page.length < fixedBytes ? undefined : page;
}

function parseKeyData(page: Uint8Array, start: number): readonly KeyData[] {
  const found: KeyData[] = [];
  for (let at = start; at + 4 <= page.length && found.length < mostKeyData; ) {
    const next = at + 4 + be16(page, at + 2);
    if (next > page.length) break;
    found.push({ type: page[at] ?? 0, value: page.slice(at + 4, next) });
    at = next;
  }
  return found;
}

/** What a key is called, where who set it gave it a name in ASCII: unauthenticated data before authenticated. */
export function keyNameOf(keyData: readonly KeyData[]): string | undefined {
  const named = [keyDataType.unauthenticated, keyDataType.authenticated].flatMap((type) => keyData.filter((data) => data.type === type));
  for (const { value } of named) {
    const end = value.indexOf(0);
    const name = end < 0 ? value : value.subarray(0, end);
    const text = Buffer.from(name).toString("latin1").trim();
    if (text !== "" && name.every((byte) => byte >= 0x20 && byte <= 0x7e)) return text;
  }
  return undefined;
}
