import { blockEncryption, decryptionMode, encryptionControl, encryptionPage, encryptionScope, type KeyData } from "../../../src/scsi/index.ts";
import { field } from "../../wire/index.ts";
import { isKeyOf } from "./envelope.ts";
import type { NextBlock } from "./next-block.ts";
import { algorithmIndex, type EncryptionParameters, keyBytes, longestAuthenticatedData, longestUserData } from "./parameters.ts";

/** Security algorithm code of AES-256 in GCM with a tag of 16 bytes (SPC-5, table 89). */
const aes256Gcm = 0x0001_0014;

/** Pages of SECURITY PROTOCOL IN for tape data encryption (SSC-5, 9.5.2), in ascending order. */
export const pagesIn: readonly number[] = [
  encryptionPage.inSupport, encryptionPage.outSupport, encryptionPage.capabilities, encryptionPage.keyFormats,
  encryptionPage.managementCapabilities, encryptionPage.status, encryptionPage.nextBlock,
];

export function page(code: number, body: readonly number[]): number[] {
  return [...field(code, 2), ...field(body.length, 2), ...body];
}

export const inSupport = (): number[] => page(encryptionPage.inSupport, pagesIn.flatMap((code) => field(code, 2)));
export const outSupport = (): number[] => page(encryptionPage.outSupport, field(encryptionPage.setDataEncryption, 2));
/** Keys come in plaintext, as from stenc. */
export const keyFormats = (): number[] => page(encryptionPage.keyFormats, [0x00]);
/** LOCK_C; CKOD_C; AITN_C, LOCAL_C and PUBLIC_C. */
export const managementCapabilities = (): number[] =>
  page(encryptionPage.managementCapabilities, [0x01, 0x04, 0, 0x07, ...new Array<number>(8).fill(0)]);

/** Data Encryption Capabilities: one algorithm, in hardware both ways. */
export function capabilities(hasMedium: boolean): number[] {
  // AVFMV, MAC_C, DELB_C; DECRYPT_C and ENCRYPT_C: by hardware.
  const abilities = (hasMedium ? 0x80 : 0) | 0x20 | 0x10 | (2 << 2) | 2;
  // AVFCLP: usable where the tape stands; key-associated data of any length up to the limits.
  const placed = (hasMedium ? 2 : 0) << 6;
  const limits = [...field(longestUserData, 2), ...field(longestAuthenticatedData, 2), ...field(keyBytes, 2)];
  // DKAD_C: may be left out; EEMC_C: no external encryption mode is kept; RDMC_C: off by default, can be set.
  const control = (3 << 6) | (1 << 4) | (5 << 1);
  const algorithm = [algorithmIndex, 0, ...field(20, 2), abilities, placed, ...limits, control, 0, 0, 0, 0, 0, 0, 0, ...field(aes256Gcm, 4)];
  // EXTDECC and CFG_P: nothing is controlled from outside, nothing is configured there.
  return page(encryptionPage.capabilities, [(1 << 2) | 1, ...new Array<number>(15).fill(0), ...algorithm]);
}

/** Data Encryption Status. */
export function status(parameters: EncryptionParameters, isLocal: boolean): number[] {
  const isOn = parameters.encryption !== 0 || parameters.decryption !== 0;
  const nexusScope = isLocal ? encryptionScope.local : encryptionScope.public;
  const flags = (encryptionControl.anybody << 4) | ((parameters.externalCheck & 0x03) << 1) | (parameters.rawReadable ? 0 : 1);
  return page(encryptionPage.status, [
    (nexusScope << 5) | parameters.scope, parameters.encryption, parameters.decryption, isOn ? algorithmIndex : 0,
    ...field(parameters.keyInstance, 4), flags, 0, 0, 0, ...new Array<number>(8).fill(0), ...encodeKeyData(parameters.keyData),
  ]);
}

/** Next Block Encryption Status. Of compression, the upper half of the status, these drives cannot tell. */
export function nextBlock(next: NextBlock, parameters: EncryptionParameters): number[] {
  const of = (code: number, algorithm: number, flags: number, keyData: readonly KeyData[]): number[] =>
    page(encryptionPage.nextBlock, [...field(next.objectNumber, 8), code, algorithm, flags, 0, ...encodeKeyData(keyData)]);
  if (next.kind !== "sealed") return of(next.kind === "none" ? blockEncryption.noBlock : blockEncryption.plain, 0, 0, []);
  const { envelope } = next;
  const isReadable = parameters.decryption >= decryptionMode.decrypt && isKeyOf(envelope, parameters.key);
  const code = isReadable ? blockEncryption.readable : blockEncryption.keyNeeded;
  return of(code, algorithmIndex, envelope.rawReadable ? 0 : 0x01, envelope.keyData);
}

function encodeKeyData(keyData: readonly KeyData[]): number[] {
  return keyData.flatMap(({ type, value }) => [type, type === 1 ? 1 : 0, ...field(value.length, 2), ...value]);
}
