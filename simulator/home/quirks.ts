/** What changers are known to do otherwise than the standard has it, or than most others do. A library has any of them. */
export const quirks = {
  "ignores-dvcid": "answers READ ELEMENT STATUS without identifiers of drives, although they are asked for",
  "refuses-dvcid": "refuses READ ELEMENT STATUS with identifiers of drives (5/24/00)",
  "tags-or-dvcid": "refuses volume tags and identifiers of drives in one command (5/24/00)",
  "refuses-curdata": "refuses READ ELEMENT STATUS without motion (CURDATA, 5/24/00)",
  "short-allocation": "looks at the lower 16 bits of an allocation length alone",
  "one-type": "refuses READ ELEMENT STATUS of all types at once (5/24/00)",
  "few-elements": "reports 20 elements at most in one answer, and counts no more in its header",
  "no-barcode-reader": "refuses volume tags (5/24/00)",
  "unpadded-tags": "ends volume tags by a zero instead of filling them with blanks",
  "leading-blank": "puts a blank before each volume tag",
  "lower-case": "gives barcodes in lower case",
  "six-characters": "gives the first six characters of barcodes alone, without what they say of the medium",
  "no-access-bits": "never says that an element can be reached",
  "no-exchange": "has no EXCHANGE MEDIUM",
  "guards-generations": "brings no cartridge to a drive that cannot take it (5/30/00)",
  "slow-inventory": "is becoming ready (2/04/01) for the first six commands after power-on, and after its door was shut",
  "attention-storm": "has the attention 6/28/00 for each of the first six commands after power-on",
  "scans-when-asked": "does not look into its slots when its door is shut: what hands changed shows after INITIALIZE ELEMENT STATUS alone",
} as const satisfies Readonly<Record<string, string>>;

export type QuirkName = keyof typeof quirks;

export function isQuirk(name: unknown): name is QuirkName {
  return typeof name === "string" && Object.hasOwn(quirks, name);
}
