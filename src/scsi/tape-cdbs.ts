import { putNumber } from "./bytes.ts";
import { opcode } from "./opcodes.ts";

/**
 * Reads one variable block. SILI is 0 because with it a drive in variable block mode may cut a longer block short without a word
 * (SSC-5, 6.4); blocks as long as asked for cost nothing that way, shorter ones a CHECK CONDITION with ILI.
 */
export function readCdb(requestedBytes: number): Uint8Array {
  return withLength24(opcode.read6, 0, requestedBytes);
}

export function writeCdb(blockBytes: number): Uint8Array {
  return withLength24(opcode.write6, 0, blockBytes);
}

/** `immediate`: the answer comes when the filemarks are in the buffer; without it, when they and all before them are on the medium (SSC-5, IMMED). */
export function writeFilemarksCdb(count: number, immediate = false): Uint8Array {
  return withLength24(opcode.writeFilemarks6, immediate ? 0x01 : 0, count);
}

export const rewindCdb = (): Uint8Array => Uint8Array.of(opcode.rewind, 0, 0, 0, 0, 0);

export const readBlockLimitsCdb = (): Uint8Array => Uint8Array.of(opcode.readBlockLimits, 0, 0, 0, 0, 0);

/** The whole rest of the tape from here (LONG); in the background, GOOD comes at once and REQUEST SENSE tells how far it is (SSC-5, ERASE(6)). */
export function eraseCdb({ inBackground }: { readonly inBackground: boolean }): Uint8Array {
  return Uint8Array.of(opcode.erase6, inBackground ? 0x03 : 0x01, 0, 0, 0, 0);
}

export function loadUnloadCdb(action: "load" | "unload"): Uint8Array {
  return Uint8Array.of(opcode.loadUnload, 0, 0, 0, action === "load" ? 1 : 0, 0);
}

/** SSC-5, table 52. */
export const spaceCode = { blocks: 0, filemarks: 1, endOfData: 3 } as const;

/** SPACE(6) counts to 2^23 either way. */
export function space6Cdb(code: number, count: number): Uint8Array {
  return withLength24(opcode.space6, code, count < 0 ? count + 0x100_0000 : count);
}

export const space6Limit = 0x7f_ffff;

export function space16Cdb(code: number, count: number): Uint8Array {
  const cdb = new Uint8Array(16);
  cdb[0] = opcode.space16;
  cdb[1] = code;
  new DataView(cdb.buffer).setBigInt64(4, BigInt(count));
  return cdb;
}

/** To a logical object of the partition that is loaded (SSC-5, 6.5). */
export function locate10Cdb(objectNumber: number): Uint8Array {
  const cdb = new Uint8Array(10);
  cdb[0] = opcode.locate10;
  putNumber(cdb, 3, 4, objectNumber);
  return cdb;
}

/** SSC-5, 7.4, table 84. */
export const locateTarget = { object: 0, file: 1, endOfData: 3 } as const;

/** Reads up to behind so many filemarks and sends nothing of it (VBF without BYTCMP: SSC-5, VERIFY(6)). */
export function verifyFilesCdb(count: number): Uint8Array {
  return withLength24(opcode.verify6, 0x08, count);
}

export function locate16Cdb(target: number, number: number): Uint8Array {
  const cdb = new Uint8Array(16);
  cdb[0] = opcode.locate16;
  cdb[1] = target << 3;
  putNumber(cdb, 4, 8, number);
  return cdb;
}

/** The short form (service action 0) wants no allocation length; nor does the long one. */
export function readPositionCdb(form: "short" | "long"): Uint8Array {
  const cdb = new Uint8Array(10);
  cdb[0] = opcode.readPosition;
  cdb[1] = form === "long" ? 0x06 : 0x00;
  return cdb;
}

export function reportDensityCdb(allocationBytes: number, ofMedium: boolean): Uint8Array {
  const cdb = new Uint8Array(10);
  cdb[0] = opcode.reportDensitySupport;
  cdb[1] = ofMedium ? 1 : 0;
  putNumber(cdb, 7, 2, allocationBytes);
  return cdb;
}

function withLength24(code: number, flags: number, value: number): Uint8Array {
  return Uint8Array.of(code, flags, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff, 0);
}
