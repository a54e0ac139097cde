import type { Tongue } from "./contract.ts";
import { english } from "./english.ts";
import { german } from "./german.ts";

export type { ColumnName, Tongue } from "./contract.ts";

/** The first is spoken where the locale's language is not among them. */
export const tongues: readonly Tongue[] = [english, german];

/** By the locale: LC_ALL, LC_MESSAGES, LANG, in that order (POSIX, 8.2). */
export function tongueOf(environment: Readonly<Record<string, string | undefined>>): Tongue {
  const locale = [environment["LC_ALL"], environment["LC_MESSAGES"], environment["LANG"]].find(isSet) ?? "";
  return tongues.find(({ code }) => locale === code || locale.startsWith(`${code}_`)) ?? tongues[0]!;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
