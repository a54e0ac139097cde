import { be16, be32, putNumber } from "./bytes.ts";
import { opcode } from "./opcodes.ts";

/** PERSISTENT RESERVE IN (SPC-5, 6.16). */
export const reserveInAction = { readKeys: 0x00, readReservation: 0x01, reportCapabilities: 0x02, readFullStatus: 0x03 } as const;

/** PERSISTENT RESERVE OUT (SPC-5, 6.17). REGISTER AND MOVE (0x07) has another parameter list and is not built here. */
export const reserveOutAction = {
  register: 0x00,
  reserve: 0x01,
  release: 0x02,
  clear: 0x03,
  preempt: 0x04,
  preemptAndAbort: 0x05,
  registerAndIgnore: 0x06,
} as const;

/** SPC-5, table 210. */
export const reservationType = {
  writeExclusive: 0x1,
  exclusiveAccess: 0x3,
  writeExclusiveRegistrants: 0x5,
  exclusiveAccessRegistrants: 0x6,
  writeExclusiveAll: 0x7,
  exclusiveAccessAll: 0x8,
} as const;

/** 8 bytes that the owner of a registration chose; all zero means none. */
export type ReservationKey = Uint8Array;

export const noReservationKey: ReservationKey = new Uint8Array(8);

const listBytes = 24;

export function reserveInCdb(action: number, allocationBytes: number): Uint8Array {
  const cdb = new Uint8Array(10);
  cdb[0] = opcode.persistentReserveIn;
  cdb[1] = action;
  putNumber(cdb, 7, 2, allocationBytes);
  return cdb;
}

/** Scope is the logical unit (0), the only one there is. `type` matters to reserving, releasing and preempting alone. */
export function reserveOutCdb(action: number, type = 0): Uint8Array {
  const cdb = new Uint8Array(10);
  cdb[0] = opcode.persistentReserveOut;
  cdb[1] = action;
  cdb[2] = type & 0x0f;
  putNumber(cdb, 5, 4, listBytes);
  return cdb;
}

/**
 * `key` is that of this registration, `actionKey` the one that the action is about: the new key of a registration, the key to be
 * preempted. Without APTPL, SPEC_I_PT and ALL_TG_PT: what is asked is for this path, and ends with the drive's power.
 */
export function buildReserveOut(key: ReservationKey, actionKey: ReservationKey = noReservationKey): Uint8Array {
  const list = new Uint8Array(listBytes);
  list.set(key.subarray(0, 8), 0);
  list.set(actionKey.subarray(0, 8), 8);
  return list;
}

/** READ KEYS. Undefined when the answer has no whole header; keys that were cut off are left out. */
export function parseReservationKeys(data: Uint8Array): { readonly generation: number; readonly keys: readonly ReservationKey[] } | undefined {
  if (data.length < 8) return undefined;
  const end = Math.min(data.length, 8 + be32(data, 4));
  const keys: ReservationKey[] = [];
  for (let at = 8; at + 8 <= end; at += 8) keys.push(data.slice(at, at + 8));
  return { generation: be32(data, 0), keys };
}

export interface Reservation {
  readonly key: ReservationKey;
  readonly type: number;
}

/** READ RESERVATION: "none" where nobody holds one. Undefined when the answer cannot be read. */
export function parseReservation(data: Uint8Array): Reservation | "none" | undefined {
  if (data.length < 8) return undefined;
  if (be32(data, 4) < 16) return "none";
  return data.length < 22 ? undefined : { key: data.slice(8, 16), type: (data[21] ?? 0) & 0x0f };
}

export interface ReservationCapabilities {
  /** Registrations may be kept through a loss of power (PTPL_C). */
  readonly survivesPowerLoss: boolean;
  /** They are being kept (PTPL_A). */
  readonly keptThroughPowerLoss: boolean;
  /** Undefined where the device does not say which types it has. */
  readonly types: ReadonlySet<number> | undefined;
}

/** REPORT CAPABILITIES. */
export function parseReservationCapabilities(data: Uint8Array): ReservationCapabilities | undefined {
  if (data.length < 8 || be16(data, 0) < 8) return undefined;
  const isMaskValid = ((data[3] ?? 0) & 0x80) !== 0;
  return {
    survivesPowerLoss: ((data[2] ?? 0) & 0x01) !== 0,
    keptThroughPowerLoss: ((data[3] ?? 0) & 0x01) !== 0,
    types: isMaskValid ? typesOf(data[4] ?? 0, data[5] ?? 0) : undefined,
  };
}

function typesOf(low: number, high: number): ReadonlySet<number> {
  const bits: readonly (readonly [boolean, number])[] = [
    [(low & 0x02) !== 0, reservationType.writeExclusive],
    [(low & 0x08) !== 0, reservationType.exclusiveAccess],
    [(low & 0x20) !== 0, reservationType.writeExclusiveRegistrants],
    [(low & 0x40) !== 0, reservationType.exclusiveAccessRegistrants],
    [(low & 0x80) !== 0, reservationType.writeExclusiveAll],
    [(high & 0x01) !== 0, reservationType.exclusiveAccessAll],
  ];
  return new Set(bits.filter(([has]) => has).map(([, type]) => type));
}

/** One registered path to the device. */
export interface Registration extends Reservation {
  /** Has the reservation; `type` means something only then. */
  readonly holds: boolean;
  /** SPC-5, 7.6.4: the initiator port. */
  readonly transportId: Uint8Array;
}

/** READ FULL STATUS. A descriptor that was cut off is left out. */
export function parseRegistrations(data: Uint8Array): readonly Registration[] | undefined {
  if (data.length < 8) return undefined;
  const end = Math.min(data.length, 8 + be32(data, 4));
  const registrations: Registration[] = [];
  for (let at = 8; at + 24 <= end; ) {
    const next = at + 24 + be32(data, at + 20);
    if (next > end) break;
    registrations.push({
      key: data.slice(at, at + 8),
      holds: ((data[at + 12] ?? 0) & 0x01) !== 0,
      type: (data[at + 13] ?? 0) & 0x0f,
      transportId: data.slice(at + 24, next),
    });
    at = next;
  }
  return registrations;
}
