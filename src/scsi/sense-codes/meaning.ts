import { type AdviceName, advices } from "./advice.ts";
import { codeRow } from "./code-table.ts";
import type { CodeRow, SenseClass } from "./contract.ts";
import { keyRows, type SenseKeyRow } from "./keys.ts";

/** What a device said, as far as its meaning goes: the numbers of its sense data. */
export interface SenseNumbers {
  /** It is about data that was taken earlier. */
  readonly deferred: boolean;
  readonly key: number;
  readonly asc: number;
  readonly ascq: number;
}

export interface SenseMeaning {
  readonly senseClass: SenseClass;
  /** The key's name in the standard. */
  readonly keyName: string;
  /** The code's name in the standard; undefined for 00/00 and for what nobody knows. */
  readonly codeName: string | undefined;
  /** What happened, for people: no capital, no full stop. */
  readonly sentence: string;
  /** What to do next, likewise. */
  readonly advice: string;
}

const unknownRow: SenseKeyRow = {
  name: "unknown", senseClass: "unsafe", keeps: [], advice: "stop", sentence: "it said something that no standard explains",
};
/** The end of the tape is no fault, although MEDIUM ERROR comes with it where reading meets it (SSC-5, READ). */
const endOfPartition = 0x0002;

/** Total: every key and code has a meaning, `unsafe` where it is not known. */
export function senseMeaning(sense: SenseNumbers): SenseMeaning {
  const code = (sense.asc << 8) | sense.ascq;
  const key = keyRows[sense.key] ?? unknownRow;
  if (code === 0) return meaning(sense, key, undefined, key.senseClass, key.sentence, key.advice);
  const row = codeRow(code);
  if (row === undefined) return meaning(sense, key, undefined, "unsafe", unknownRow.sentence, "stop");
  const [, name, , advice, sentence] = row;
  return meaning(sense, key, name, classUnder(key, row), sentence, advice);
}

function classUnder(key: SenseKeyRow, [code, , ownClass]: CodeRow): SenseClass {
  if (key.senseClass === "unsafe") return "unsafe";
  if (key.senseClass === "medium" && code === endOfPartition) return "result";
  return key.keeps.includes(ownClass) ? ownClass : key.senseClass;
}

function meaning(
  sense: SenseNumbers,
  key: SenseKeyRow,
  codeName: string | undefined,
  senseClass: SenseClass,
  sentence: string,
  adviceName: AdviceName,
): SenseMeaning {
  const advice = key.senseClass === "unsafe" ? advices.stop : advices[adviceName];
  // A remark about earlier data is no more than that; anything else means that it is not on the tape.
  const isLoss = sense.deferred && senseClass !== "result";
  return { senseClass, keyName: key.name, codeName, sentence, advice: isLoss ? `${lossAdvice}; ${advice}` : advice };
}

const lossAdvice = "position the tape behind the last object that was confirmed, and write again what came after it";
