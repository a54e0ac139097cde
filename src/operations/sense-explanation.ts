import { type SenseClass, senseMeaning, senseTriple, tapeAlert, type TapeAlert } from "../scsi/index.ts";
import { printable, StrongroomError } from "../words/index.ts";

/** What the three numbers of a drive or a library mean. */
export interface SenseExplanation {
  /** `3/11/00`. */
  readonly numbers: string;
  /** The key in the words of the standard. */
  readonly key: string;
  /** The code in the words of the standard; undefined where there is none. */
  readonly name: string | undefined;
  readonly sentence: string;
  readonly senseClass: SenseClass;
  readonly advice: string;
}

const triple = /^(?:0x)?([0-9a-f])[/ ,]\s*(?:0x)?([0-9a-f]{1,2})h?[/ ,]\s*(?:0x)?([0-9a-f]{1,2})h?$/i;

/** From `3/11/00` as messages have it, or as logs of other programs write it: `0x3 0x11 0x00`, `3,11h,00h`. */
export function explainSense(typed: string): SenseExplanation {
  const [, ...digits] = triple.exec(typed.trim()) ?? [];
  const [key, asc, ascq] = digits.map((digit) => Number.parseInt(digit, 16));
  if (key === undefined || asc === undefined || ascq === undefined) {
    throw new StrongroomError("usage", "SENSE_INVALID", `${printable(typed)} is not what a device says: a key, a code and its qualifier`, {
      hint: "give the three numbers in hexadecimal, as in: strongroom drive explain 3/11/00",
    });
  }
  const { keyName, codeName, sentence, senseClass, advice } = senseMeaning({ deferred: false, key, asc, ascq });
  return { numbers: senseTriple({ key, asc, ascq }), key: keyName, name: codeName, sentence, senseClass, advice };
}

export type TapeAlertExplanation = TapeAlert;

/** What a drive means by raising this flag, 1 to 64. */
export function explainTapeAlert(flag: number): TapeAlertExplanation {
  return tapeAlert(flag);
}
