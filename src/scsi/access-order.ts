import { be16, be32, be64, putNumber } from "./bytes.ts";
import { opcode } from "./opcodes.ts";

/**
 * Recommended access order (SSC-5, 7.5 and 7.6; LTO-9 full height and enterprise drives): a host names stretches of the tape, user data
 * segments, and the drive tells in which order they are read with the least winding. The drive knows where its data really lies.
 */
export interface UserDataSegment {
  /** Comes back with the segment: at most ten digits. */
  readonly name: number;
  readonly firstObject: number;
  /** Included. */
  readonly lastObject: number;
}

const serviceAction = 0x1d;
const headBytes = 8;
const descriptorBytes = 32;
const nameDigits = 10;
/** PROCESS: generate a list in another order than the one given. */
const reorder = 2;

/** How many segments the drive takes at once, and the largest descriptor that it gives back. */
export interface AccessOrderLimits {
  readonly segments: number;
  readonly descriptorBytes: number;
}

export const accessOrderLimitsBytes = 4;

/** RECEIVE RECOMMENDED ACCESS ORDER, with UDS_LIMITS. */
export function accessOrderLimitsCdb(): Uint8Array {
  return receiveCdb(0x80, accessOrderLimitsBytes);
}

/** RECEIVE RECOMMENDED ACCESS ORDER, from the beginning of the list. */
export function receiveAccessOrderCdb(allocationBytes: number): Uint8Array {
  return receiveCdb(0, allocationBytes);
}

export function accessOrderBytes(segments: number): number {
  return headBytes + segments * descriptorBytes;
}

function receiveCdb(flags: number, allocationBytes: number): Uint8Array {
  const cdb = new Uint8Array(12);
  cdb[0] = opcode.maintenanceIn;
  cdb[1] = flags | serviceAction;
  putNumber(cdb, 6, 4, allocationBytes);
  return cdb;
}

/** GENERATE RECOMMENDED ACCESS ORDER. */
export function generateAccessOrderCdb(parameterBytes: number): Uint8Array {
  const cdb = new Uint8Array(12);
  cdb[0] = opcode.maintenanceOut;
  cdb[1] = serviceAction;
  cdb[2] = reorder;
  putNumber(cdb, 6, 4, parameterBytes);
  return cdb;
}

export function parseAccessOrderLimits(data: Uint8Array): AccessOrderLimits | undefined {
  return data.length < accessOrderLimitsBytes ? undefined : { segments: be16(data, 0), descriptorBytes: be16(data, 2) };
}

/** What GENERATE takes, and what a list that was generated looks like but for its first two bytes. */
export function buildAccessOrder(segments: readonly UserDataSegment[]): Uint8Array {
  const list = new Uint8Array(accessOrderBytes(segments.length));
  putNumber(list, 4, 4, segments.length * descriptorBytes);
  segments.forEach(({ name, firstObject, lastObject }, index) => {
    const at = headBytes + index * descriptorBytes;
    putNumber(list, at, 2, descriptorBytes - 2);
    list.set(Buffer.from(String(name).padStart(nameDigits, "0"), "latin1"), at + 5);
    putNumber(list, at + 16, 8, firstObject);
    putNumber(list, at + 24, 8, lastObject);
  });
  return list;
}

/** The list of GENERATE or RECEIVE, in its order. A descriptor that was cut off, or whose name is no number, is left out. */
export function parseAccessOrder(data: Uint8Array): readonly UserDataSegment[] | undefined {
  if (data.length < headBytes) return undefined;
  const end = Math.min(data.length, headBytes + be32(data, 4));
  const segments: UserDataSegment[] = [];
  for (let at = headBytes; at + descriptorBytes <= end; ) {
    const name = Buffer.from(data.subarray(at + 5, at + 5 + nameDigits)).toString("latin1");
    if (/^\d{10}$/.test(name)) segments.push({ name: Number(name), firstObject: be64(data, at + 16), lastObject: be64(data, at + 24) });
    at += Math.max(descriptorBytes, 2 + be16(data, at));
  }
  return segments;
}
