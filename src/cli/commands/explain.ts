import type { SenseExplanation, TapeAlertExplanation } from "../../operations/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import { type CodeMeaning, codeMeaning, knownCodes } from "../messages/index.ts";
import { nearest } from "../reading/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { showSense } from "./drive-explain.ts";

/** Needs no appliance: what is to be explained may well be why it cannot be opened. */
export const explainCommand: Command = {
  noun: "explain",
  verb: "",
  summary: "what a code in brackets means, what is safe, and what to do",
  details: "Every message ends in a code such as [STATE_MISSING], which stays the same in all versions and languages. What a drive or a library says in three numbers, "
    + "and the TapeAlert flags of drives, are explained too.",
  arguments: [{ name: "CODE", summary: "a code, three numbers of a device (3/11/00), or a TapeAlert flag (TAPE_ALERT_20)" }],
  examples: [
    { line: "strongroom explain STATE_MISSING", what: "a code of an error, a finding or a log" },
    { line: "strongroom explain 3/11/00", what: "what a drive said" },
    { line: "strongroom explain TAPE_ALERT_20", what: "what a drive complains of" },
  ],
  async run(call) {
    const typed = call.typed.required("CODE").trim();
    const code = typed.replace(/^\[(.*)\]$/, "$1").toUpperCase().replaceAll("-", "_");
    const flag = /^TAPE_?ALERT_(\d{1,2})$/.exec(code)?.[1];
    const meaning = codeMeaning(code);
    if (meaning !== undefined) showCode(call, meaning);
    else if (flag !== undefined && Number(flag) >= 1 && Number(flag) <= 64) showTapeAlert(call, (await explanations()).explainTapeAlert(Number(flag)), Number(flag));
    else if (/^(0x)?[0-9a-f]{1,2}[/ ,]/i.test(typed)) showSense(call, (await explanations()).explainSense(typed) satisfies SenseExplanation);
    else throw unknownCode(typed, code);
  },
};

function showCode({ answer }: Call, { code, meaning, safe, advice, said }: CodeMeaning): void {
  answer.document({ code, meaning: meaning ?? null, safe: [...safe], advice: advice ?? null, said: said.map(({ text, hint }) => ({ text, advice: hint ?? null })) }, () => {
    const single = said.length === 1 ? said[0] : undefined;
    answer.facts([
      ["code", code],
      ...(meaning === undefined ? [] : [["what it means", meaning] as const]),
      ...(meaning === undefined && single !== undefined ? [["what it means", single.text] as const] : []),
      ...safe.map((text) => ["what is safe", text] as const),
      ...(advice === undefined ? [] : [["what to do", advice] as const]),
      ...(advice === undefined && single?.hint !== undefined ? [["what to do", single.hint] as const] : []),
    ]);
    if (single !== undefined) return;
    for (const { text, hint } of said) answer.facts([["said as", text], ...(hint === undefined ? [] : [["what to do", hint] as const])]);
  });
}

/** What devices say is explained where they are driven, which is most of the program: no other command shall wait for it. */
const explanations = async () => await import("../../operations/index.ts");

function showTapeAlert({ answer }: Call, { name, severity, blames, advice }: TapeAlertExplanation, flag: number): void {
  answer.document({ code: `TAPE_ALERT_${String(flag)}`, name, severity, blames, advice }, () => {
    answer.facts([
      ["what it means", `TapeAlert flag ${String(flag)}: ${name}`],
      ["how grave", severity],
      ["to be blamed", blames],
      ["what to do", advice],
    ]);
  });
}

function unknownCode(typed: string, code: string): StrongroomError {
  const meant = nearest(code, knownCodes()) ?? knownCodes().find((known) => code.length >= 4 && known.includes(code));
  const question = meant === undefined ? "" : `did you mean ${meant}?\n`;
  return new StrongroomError("missing", "CODE_UNKNOWN", `${printable(typed)} is no code of this program`, {
    hint: `${question}give what stands in brackets at the end of a message, or three numbers such as 3/11/00`,
  });
}
