import { codeRow, senseMeaning } from "./sense-codes/index.ts";
import type { Sense } from "./sense.ts";

/** For people, in the words of the standard: `medium error: unrecovered read error (3/11/00)`. */
export function describeSense(sense: Sense): string {
  const { keyName, codeName } = senseMeaning(sense);
  return `${sense.deferred ? "deferred " : ""}${keyName}${codeName === undefined ? "" : `: ${codeName}`} (${senseTriple(sense)})`;
}

/** `3/11/00`: the key, the code and its qualifier, as manuals write them. */
export function senseTriple({ key, asc, ascq }: Pick<Sense, "key" | "asc" | "ascq">): string {
  return `${key.toString(16)}/${hex(asc)}/${hex(ascq)}`;
}

/** The text of a code alone, as elements of a changer report it. */
export function describeSenseCode(code: number): string {
  return codeRow(code)?.[1] ?? `additional sense ${hex(code >> 8)}/${hex(code & 0xff)}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
