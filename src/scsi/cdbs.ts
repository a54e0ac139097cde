import { putNumber } from "./bytes.ts";
import { opcode } from "./opcodes.ts";

/** Commands every device knows (SPC-5, 6). Lengths in bytes; each call gives a buffer of its own. */
export const testUnitReadyCdb = (): Uint8Array => Uint8Array.of(opcode.testUnitReady, 0, 0, 0, 0, 0);

/** In fixed format. */
export const requestSenseCdb = (): Uint8Array => Uint8Array.of(opcode.requestSense, 0, 0, 0, requestSenseBytes, 0);

/** The most that sense data takes (SPC-5, 4.4). */
export const requestSenseBytes = 252;

/** With `vitalPage`, that page of vital product data. */
export function inquiryCdb(allocationBytes: number, vitalPage?: number): Uint8Array {
  const cdb = Uint8Array.of(opcode.inquiry, vitalPage === undefined ? 0 : 1, vitalPage ?? 0, 0, 0, 0);
  putNumber(cdb, 3, 2, allocationBytes);
  return cdb;
}

/** Current values; 0x3F means all pages, page 0 none (only header and block descriptor). */
export function modeSense6Cdb(page: number, subpage: number, allocationBytes: number): Uint8Array {
  return Uint8Array.of(opcode.modeSense6, 0, page & 0x3f, subpage, Math.min(255, allocationBytes), 0);
}

export function modeSelect6Cdb(parameterBytes: number): Uint8Array {
  return Uint8Array.of(opcode.modeSelect6, 0x10, 0, 0, parameterBytes, 0);
}

/** Cumulative values, which are what pages without thresholds give for any PC. */
export function logSenseCdb(page: number, subpage: number, allocationBytes: number): Uint8Array {
  const cdb = Uint8Array.of(opcode.logSense, 0, 0x40 | (page & 0x3f), subpage, 0, 0, 0, 0, 0, 0);
  putNumber(cdb, 7, 2, allocationBytes);
  return cdb;
}

/** Service action ATTRIBUTE VALUES from that identifier on (SPC-5, 6.17). */
export function readAttributeCdb(firstId: number, allocationBytes: number): Uint8Array {
  const cdb = new Uint8Array(16);
  cdb[0] = opcode.readAttribute;
  putNumber(cdb, 8, 2, firstId);
  putNumber(cdb, 10, 4, allocationBytes);
  return cdb;
}

/** With write-through, so that GOOD means the cartridge memory holds it. */
export function writeAttributeCdb(parameterBytes: number): Uint8Array {
  const cdb = new Uint8Array(16);
  cdb[0] = opcode.writeAttribute;
  cdb[1] = 0x01;
  putNumber(cdb, 10, 4, parameterBytes);
  return cdb;
}
