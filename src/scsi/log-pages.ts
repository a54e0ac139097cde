import { be16, beNumber, putNumber } from "./bytes.ts";
import { flagNumbers } from "./flag-bits.ts";
import { volumeStatistics } from "./log-volume-statistics.ts";

/** SPC-5, table 358, and SSC-5, table 143; 0x30 to 0x32 as LTO drives have them. */
export const logPage = {
  supported: 0x00,
  writeErrors: 0x02,
  readErrors: 0x03,
  sequentialAccess: 0x0c,
  deviceStatus: 0x11,
  tapeAlertResponse: 0x12,
  deviceStatistics: 0x14,
  volumeStatistics: 0x17,
  dataCompression: 0x1b,
  tapeAlert: 0x2e,
  tapeUsage: 0x30,
  tapeCapacity: 0x31,
  vendorCompression: 0x32,
} as const;

/** The codes of page 0x00: which pages there are. */
export function supportedLogPages(data: Uint8Array): readonly number[] {
  if (data.length < 4 || ((data[0] ?? 0) & 0x3f) !== 0) return [];
  return [...data.subarray(4, Math.min(data.length, 4 + be16(data, 2)))].map((code) => code & 0x3f);
}

/** LOG SENSE (SPC-5, 7.3.2): parameter code → value. */
export type LogParameters = ReadonlyMap<number, Uint8Array>;

/** Undefined when it is another page; a parameter that is cut off is left out. */
export function parseLogPage(data: Uint8Array, page: number): LogParameters | undefined {
  if (data.length < 4 || ((data[0] ?? 0) & 0x3f) !== page) return undefined;
  const end = Math.min(data.length, 4 + be16(data, 2));
  const parameters = new Map<number, Uint8Array>();
  for (let at = 4; at + 4 <= end; ) {
    const next = at + 4 + (data[at + 3] ?? 0);
    if (next > end) break;
    parameters.set(be16(data, at), data.slice(at + 4, next));
    at = next;
  }
  return parameters;
}

export function buildLogPage(page: number, subpage: number, parameters: LogParameters): Uint8Array {
  const length = [...parameters.values()].reduce((sum, value) => sum + 4 + value.length, 0);
  const data = new Uint8Array(4 + length);
  data[0] = page | (subpage === 0 ? 0 : 0x40);
  data[1] = subpage;
  putNumber(data, 2, 2, length);
  let at = 4;
  for (const [code, value] of parameters) {
    putNumber(data, at, 2, code);
    data[at + 2] = 0x03;
    data[at + 3] = value.length;
    data.set(value, at + 4);
    at += 4 + value.length;
  }
  return data;
}

/** Flags 1 to 64 of page 0x12, parameter 0. Undefined when it is not there. */
export function alertsOfResponse(parameters: LogParameters): number[] | undefined {
  return flagNumbers(parameters.get(0));
}

/** Page 0x2E: one parameter per flag, one byte each. */
export function alertsOfFlags(parameters: LogParameters): number[] {
  return flags.filter((flag) => ((parameters.get(flag)?.[0] ?? 0) & 1) === 1);
}

const flags = Array.from({ length: 64 }, (_, index) => index + 1);

export interface TapeCapacity {
  readonly totalBytes: number;
  readonly remainingBytes: number;
}

/** Page 0x31, as LTO drives have it: parameter 1 remaining, 3 maximum of partition 0, in units of 2^20 bytes. */
export function capacityOfPartition(parameters: LogParameters): TapeCapacity | undefined {
  const [remaining, total] = [parameters.get(1), parameters.get(3)];
  if (remaining === undefined || total === undefined) return undefined;
  return { totalBytes: beNumber(total) * 2 ** 20, remainingBytes: beNumber(remaining) * 2 ** 20 };
}

/** Page 0x17: native and remaining capacity of partition 0. */
export function capacityOfVolume(parameters: LogParameters): TapeCapacity | undefined {
  const partition = volumeStatistics(parameters).partitions.find((one) => one.partition === 0);
  const [totalBytes, remainingBytes] = [partition?.nativeBytes, partition?.remainingBytes];
  return totalBytes === undefined || remainingBytes === undefined ? undefined : { totalBytes, remainingBytes };
}
