import { be16 } from "./bytes.ts";

/** One of the records that some parameters of page 0x17 are made of: a partition or a place in a history, and what is said of it. */
export interface LogRecord {
  readonly index: number;
  readonly value: Uint8Array;
}

const recordLimit = 256;

/**
 * Records of SSC-5, 8.2.9: their length less one, a reserved byte, the number in two bytes, the value. Reading stops at the first one
 * that does not fit.
 */
export function logRecords(data: Uint8Array | undefined): readonly LogRecord[] {
  const records: LogRecord[] = [];
  if (data === undefined) return records;
  for (let at = 0; at + 4 < data.length && records.length < recordLimit; ) {
    const next = at + 1 + (data[at] ?? 0);
    if (next > data.length || next <= at + 4) break;
    records.push({ index: be16(data, at + 2), value: data.slice(at + 4, next) });
    at = next;
  }
  return records;
}
