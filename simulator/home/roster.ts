import { existsSync } from "node:fs";
import type { CartridgeFacts } from "./contract.ts";
import { isCartridgeFacts } from "./guards.ts";
import { readJson, replaceJson } from "./json-file.ts";

const rosterFormat = "virtual cartridges 1";

/**
 * The cartridges that came with a library of many, in one file that is written once: a folder is made for each when it is first used, so that ten thousand
 * are there in a moment. Where a cartridge has a folder, that says what it is.
 */
export interface Roster {
  readonly format: typeof rosterFormat;
  readonly cartridges: readonly CartridgeFacts[];
}

export function writeRoster(path: string, cartridges: readonly CartridgeFacts[]): void {
  const roster: Roster = { format: rosterFormat, cartridges };
  replaceJson(path, roster);
}

/** Reads it when it is first asked for, once: it never changes. Nobody is on it where there is none. */
export function rosterReader(path: string): () => ReadonlyMap<string, CartridgeFacts> {
  let known: ReadonlyMap<string, CartridgeFacts> | undefined;
  return () => (known ??= new Map(read(path).map((facts) => [facts.barcode, facts])));
}

function read(path: string): readonly CartridgeFacts[] {
  return existsSync(path) ? readJson(path, path, isRoster).cartridges : [];
}

function isRoster(value: unknown): value is Roster {
  const { format, cartridges } = (value ?? {}) as Partial<Record<keyof Roster, unknown>>;
  return format === rosterFormat && Array.isArray(cartridges) && cartridges.every((one) => isCartridgeFacts(one) && isBarcode(one.barcode));
}

/** What can be the name of a cartridge's folder. */
export function isBarcode(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,32}$/.test(text);
}
