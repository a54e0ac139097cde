import { damaged } from "./damage.ts";

/** One record of an extended header (POSIX.1-2017, pax, "pax Extended Header"): keywords are text, values any bytes. */
export interface PaxRecord {
  /** Bytes as Latin-1, because attribute names may be any bytes. */
  readonly keyword: string;
  readonly value: Uint8Array;
}

/** A directory of two million names fits; more is an attack or a mistake. */
export const paxBytesMax = 64 * 1024 * 1024;

/** `LENGTH keyword=value\n`, where LENGTH counts itself. */
export function paxRecordBytes(keywordBytes: number, valueBytes: number): number {
  const without = keywordBytes + valueBytes + 3;
  let digits = 1;
  while (String(without + digits).length > digits) digits += 1;
  return without + digits;
}

/** Writes the records to `target` from `offset` on; returns the offset behind them. */
export function putPaxRecords(target: Buffer, offset: number, records: readonly PaxRecord[]): number {
  let at = offset;
  for (const { keyword, value } of records) {
    at += target.write(`${String(paxRecordBytes(keyword.length, value.length))} ${keyword}=`, at, "latin1");
    target.set(value, at);
    at += value.length;
    target[at] = 0x0a;
    at += 1;
  }
  return at;
}

export function paxBytes(records: readonly PaxRecord[]): number {
  let sizeBytes = 0;
  for (const { keyword, value } of records) sizeBytes += paxRecordBytes(keyword.length, value.length);
  return sizeBytes;
}

const space = 0x20;
const equals = 0x3d;
const newline = 0x0a;
/** Ten digits say more than paxBytesMax. */
const lengthDigitsMax = 10;

/**
 * All records of an extended header, in order. Values share memory with `bytes`.
 * @throws StrongroomError TAR_DAMAGED
 */
export function parsePax(bytes: Buffer, headerOffset: number): PaxRecord[] {
  const records: PaxRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    // Some writers fill the block up with zeros and count them in.
    if (bytes[at] === 0) break;
    const gap = bytes.indexOf(space, at);
    const digits = gap < 0 || gap - at > lengthDigitsMax ? "" : bytes.toString("latin1", at, gap);
    const end = /^[0-9]+$/.test(digits) ? at + Number(digits) : -1;
    if (end <= gap + 1 || end > bytes.length || bytes[end - 1] !== newline) {
      throw damaged("an extended header has a record of a wrong length", headerOffset);
    }
    const middle = bytes.indexOf(equals, gap + 1);
    if (middle < 0 || middle >= end - 1 || middle === gap + 1) {
      throw damaged("an extended header has a record without keyword", headerOffset);
    }
    records.push({ keyword: bytes.toString("latin1", gap + 1, middle), value: bytes.subarray(middle + 1, end - 1) });
    at = end;
  }
  return records;
}
