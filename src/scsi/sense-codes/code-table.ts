import { cartridgeCodes } from "./cartridge-codes.ts";
import { changeCodes } from "./change-codes.ts";
import { codeRanges } from "./code-ranges.ts";
import type { CodeRow } from "./contract.ts";
import { dataCodes } from "./data-codes.ts";
import { deviceCodes } from "./device-codes.ts";
import { makerCodes } from "./maker-codes.ts";
import { placeCodes } from "./place-codes.ts";
import { readyCodes } from "./ready-codes.ts";
import { requestCodes } from "./request-codes.ts";
import { securityCodes } from "./security-codes.ts";
import { stateCodes } from "./state-codes.ts";

/** Every code that is known one by one, in ascending order. */
export const codeRows: readonly CodeRow[] = [
  ...readyCodes, ...dataCodes, ...requestCodes, ...changeCodes, ...cartridgeCodes, ...placeCodes, ...deviceCodes, ...stateCodes, ...securityCodes,
  ...makerCodes,
].sort(([one], [other]) => one - other);

const byCode: ReadonlyMap<number, CodeRow> = new Map(codeRows.map((row) => [row[0], row]));

/** The row of `asc << 8 | ascq`, those of ranges included; undefined for a code that nobody here knows. */
export function codeRow(code: number): CodeRow | undefined {
  const row = byCode.get(code);
  if (row !== undefined) return row;
  const qualifier = code & 0xff;
  const range = codeRanges.find((each) => each.asc === code >> 8 && qualifier >= each.firstQualifier && qualifier <= each.lastQualifier);
  if (range === undefined) return undefined;
  return [code, `${range.name} 0x${qualifier.toString(16).padStart(2, "0")}`, range.ownClass, range.advice, range.sentence];
}
