import { putNumber } from "./bytes.ts";
import { opcode } from "./opcodes.ts";

export const initializeElementStatusCdb = (): Uint8Array => Uint8Array.of(opcode.initializeElementStatus, 0, 0, 0, 0, 0);

/** With transport 0 the changer chooses its own (SMC-3, 6.6). */
export function moveMediumCdb(transport: number, source: number, destination: number): Uint8Array {
  const cdb = new Uint8Array(12);
  cdb[0] = opcode.moveMedium;
  putNumber(cdb, 2, 2, transport);
  putNumber(cdb, 4, 2, source);
  putNumber(cdb, 6, 2, destination);
  return cdb;
}

/** What is in `through` goes to `to`, what is in `from` into `through` (SMC-3, 6.3). */
export function exchangeMediumCdb(transport: number, from: number, through: number, to: number): Uint8Array {
  const cdb = new Uint8Array(12);
  cdb[0] = opcode.exchangeMedium;
  [transport, from, through, to].forEach((address, index) => { putNumber(cdb, 2 + 2 * index, 2, address); });
  return cdb;
}

/** PREVENT ALLOW MEDIUM REMOVAL (SMC-3, 6.9). */
export const preventRemovalCdb = (prevent: boolean): Uint8Array => Uint8Array.of(opcode.preventAllow, 0, 0, 0, prevent ? 1 : 0, 0);

/** OPEN/CLOSE IMPORT/EXPORT ELEMENT (SMC-3, 6.7): the mail slots that the element belongs to. */
export function mailSlotCdb(element: number, action: "open" | "close"): Uint8Array {
  const cdb = Uint8Array.of(opcode.openCloseMailSlot, 0, 0, 0, action === "open" ? 0 : 1, 0);
  putNumber(cdb, 2, 2, element);
  return cdb;
}

export interface ElementStatusRequest {
  /** See elementType; 0 is all. */
  readonly type: number;
  readonly first: number;
  readonly count: number;
  readonly volumeTags: boolean;
  readonly deviceIds: boolean;
  readonly allocationBytes: number;
}

/** SMC-3, 6.11. CURDATA stays 0: some changers refuse it. */
export function readElementStatusCdb(request: ElementStatusRequest): Uint8Array {
  const cdb = new Uint8Array(12);
  cdb[0] = opcode.readElementStatus;
  cdb[1] = (request.volumeTags ? 0x10 : 0) | (request.type & 0x0f);
  putNumber(cdb, 2, 2, request.first);
  putNumber(cdb, 4, 2, request.count);
  cdb[6] = request.deviceIds ? 0x01 : 0;
  putNumber(cdb, 7, 3, request.allocationBytes);
  return cdb;
}
