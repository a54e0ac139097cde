import { parseBytes, printable, StrongroomError } from "../../words/index.ts";

/** A size such as `200MiB`, `4GiB`, `1000`. `what` names the option in the error. */
export function sizeBytes(typed: string, what: string): number {
  const size = parseBytes(typed);
  if (size !== undefined && Number.isSafeInteger(size) && size > 0) return size;
  throw new StrongroomError("usage", "SIZE_INVALID", `${what} ${printable(typed)} is not a size`, {
    hint: "write it like 200MiB, 4GiB or 1500000",
  });
}

/** A whole number from `least` to `most`. */
export function wholeNumber(typed: string, what: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(typed) ? Number(typed) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new StrongroomError("usage", "NUMBER_INVALID", `${what} ${printable(typed)} is not a whole number from ${String(least)} to ${String(most)}`, {
    hint: "give another number",
  });
}
