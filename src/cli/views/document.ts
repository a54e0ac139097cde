import { rfc3339 } from "../../words/index.ts";

/** What a JSON document is made of. `undefined` members are left out by JSON.stringify, so absence needs no special case. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject { readonly [key: string]: Json | undefined }

/** A time as documents give it: RFC 3339 in UTC, or null for "never". */
export function timeDocument(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : rfc3339(timeMs);
}

/** Names of our own code as documents spell them: `poweredHours` → `powered_hours`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function numbersDocument(numbers: Readonly<Record<string, number>>): JsonObject {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [snakeCase(name), value]));
}

/**
 * A name of any bytes under the key `path`. JSON has no bytes, so a name that is not UTF-8 also comes as `path_b64`, which is exact;
 * its `path` then has U+FFFD where the bytes said nothing.
 */
export function pathDocument(path: Uint8Array): { readonly path: string; readonly path_b64?: string } {
  try {
    return { path: strictUtf8.decode(path) };
  } catch {
    return { path: lenientUtf8.decode(path), path_b64: Buffer.from(path).toString("base64") };
  }
}

/** Nanoseconds since 1970 as RFC 3339 with nine digits; a time that a calendar of four-digit years cannot hold comes as `@SECONDS`. */
export function nanosecondsDocument(timeNs: bigint): string {
  const seconds = timeNs >= 0n ? timeNs / perSecond : (timeNs - perSecond + 1n) / perSecond;
  const fraction = (timeNs - seconds * perSecond).toString().padStart(9, "0");
  if (seconds < firstSecond || seconds > lastSecond) return `@${seconds.toString()}.${fraction}`;
  return rfc3339(Number(seconds) * 1000).replace("Z", `.${fraction}Z`);
}

const perSecond = 1_000_000_000n;
/** 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z: beyond, RFC 3339 has no form. */
const firstSecond = -62_167_219_200n;
const lastSecond = 253_402_300_799n;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenientUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });
