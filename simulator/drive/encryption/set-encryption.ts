import { decryptionMode, encryptionMode, encryptionPage, encryptionScope, type KeyData, keyDataType } from "../../../src/scsi/index.ts";
import { be16, type SenseFields, senses } from "../../wire/index.ts";
import { algorithmIndex, type EncryptionParameters, keyBytes, longestAuthenticatedData, longestUserData } from "./parameters.ts";

const headBytes = 20;
const plaintextKey = 0;
/** RDMC: 2 lets a block be read in raw mode, 3 does not, 0 is what this algorithm does by itself: not. */
const rawAllowed = 2;

export interface SetEncryption {
  readonly parameters: Omit<EncryptionParameters, "keyInstance">;
  readonly locks: boolean;
}

/** The Set Data Encryption page (SSC-5, 9.5.3.2): all of it or nothing. */
export function parseSetEncryption(list: Uint8Array): SetEncryption | SenseFields {
  if (list.length < headBytes || be16(list, 2) + 4 !== list.length) return senses.parameterListLength;
  const at = (offset: number): number => list[offset] ?? 0;
  const keyEnd = headBytes + be16(list, 18);
  const keyData = keyEnd > list.length ? undefined : parseKeyData(list.subarray(keyEnd));
  const scope = at(4) >> 5;
  const [encryption, decryption] = [at(6), at(7)];
  // CKORP and CKORL would clear a key with a reservation: these drives say in page 0012h that they do not.
  const isKnown =
    be16(list, 0) === encryptionPage.setDataEncryption && scope <= encryptionScope.allNexuses && encryption <= encryptionMode.encrypt
    && decryption <= decryptionMode.mixed && (at(5) & 0x0b) === 0;
  if (!isKnown || keyData === undefined) return senses.invalidParameter;
  const key = list.slice(headBytes, keyEnd);
  if (!keyFits(list, key, encryption, decryption)) return senses.invalidParameter;
  return {
    locks: (at(4) & 0x01) !== 0,
    parameters: {
      scope, encryption, decryption, key, keyData,
      algorithmIndex: at(8),
      rawReadable: ((at(5) >> 4) & 0x03) === rawAllowed,
      clearsAtDemount: (at(5) & 0x04) !== 0,
      externalCheck: at(5) >> 6,
    },
  };
}

/** A key is needed to encrypt and to decrypt, and makes no sense without either. */
function keyFits(list: Uint8Array, key: Uint8Array, encryption: number, decryption: number): boolean {
  const needsKey = encryption === encryptionMode.encrypt || decryption === decryptionMode.decrypt || decryption === decryptionMode.mixed;
  if (!needsKey) return key.length === 0 || key.length === keyBytes;
  return key.length === keyBytes && list[8] === algorithmIndex && list[9] === plaintextKey;
}

const limits: ReadonlyMap<number, number> = new Map([
  [keyDataType.unauthenticated, longestUserData], [keyDataType.authenticated, longestAuthenticatedData],
]);

function parseKeyData(bytes: Uint8Array): readonly KeyData[] | undefined {
  const found: KeyData[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return undefined;
    const type = bytes[at] ?? 0;
    const next = at + 4 + be16(bytes, at + 2);
    const limit = limits.get(type);
    if (next > bytes.length || limit === undefined || next - at - 4 > limit || found.some((data) => data.type >= type)) return undefined;
    found.push({ type, value: bytes.slice(at + 4, next) });
    at = next;
  }
  return found;
}
