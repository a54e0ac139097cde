import { asciiField, beNumber } from "./bytes.ts";
import type { LogParameters } from "./log-pages.ts";

/** Names of numbers → the parameter codes that hold them. */
export type NumberFields = Readonly<Record<string, number>>;

/** What of it a device told; what it left out, or said it does not know, is undefined. */
export type Numbers<Fields extends NumberFields> = { readonly [Name in keyof Fields]: number | undefined };

const widestCounterBytes = 8;
/** From this width on, all ones stands for "not known" or "stopped counting" (SPC-5, 7.3.2.2.2.3); a byte or two of ones may be a count. */
const narrowestUnknownBytes = 4;

/** Counters come in whatever width the device chose. */
export function numberOf(value: Uint8Array | undefined): number | undefined {
  if (value === undefined || value.length === 0 || value.length > widestCounterBytes) return undefined;
  if (value.length >= narrowestUnknownBytes && value.every((byte) => byte === 0xff)) return undefined;
  return beNumber(value);
}

export function numbersOf<const Fields extends NumberFields>(parameters: LogParameters, fields: Fields): Numbers<Fields> {
  const entries = Object.entries(fields).map(([name, code]) => [name, numberOf(parameters.get(code))] as const);
  return Object.fromEntries(entries) as unknown as Numbers<Fields>;
}

const longestTextBytes = 256;

/** Undefined where there is nothing but blanks. */
export function textOf(value: Uint8Array | undefined): string | undefined {
  const text = value === undefined ? "" : asciiField(value, 0, Math.min(value.length, longestTextBytes));
  return text === "" ? undefined : text;
}

/** A flag in the last bit of a parameter of one byte. */
export function flagOf(value: Uint8Array | undefined): boolean | undefined {
  return value === undefined || value.length === 0 ? undefined : ((value.at(-1) ?? 0) & 0x01) !== 0;
}
