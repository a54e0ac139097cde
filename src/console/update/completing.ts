import { printable } from "../../words/index.ts";
import type { ConsoleState } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { type Effect, type Step, step } from "./contract.ts";
import { wordsOf } from "./typing.ts";

/** As many as a line shows. */
const told = 12;

/** Asks for what may stand in place of the last word. Within quotes nothing is completed: what is meant there is not known. */
export function toComplete(state: ConsoleState, text: string): Step {
  const words = wordsOf(text);
  if (words === undefined || /['"\\]/.test(text)) return step(state);
  const typed = words[0] === "strongroom" ? words.slice(1) : words;
  const effect: Effect = { kind: "complete", text, words: text === "" || text.endsWith(" ") ? [...typed, ""] : typed };
  return step(state, effect);
}

/** As far as all that fit are the same. What was typed on meanwhile is left alone. */
export function completed(state: ConsoleState, text: string, candidates: readonly string[], words: Tongue): ConsoleState {
  const { overlay } = state;
  if (overlay?.kind !== "command" || overlay.text !== text) return state;
  const plain = candidates.filter((one) => /^[!-~]+$/.test(one) && !/['"\\]/.test(one));
  const [first] = plain;
  if (first === undefined) return { ...state, notice: { severity: "note", text: words.frame.nothingFits() } };
  const before = text.slice(0, text.lastIndexOf(" ") + 1);
  if (plain.length === 1) return { ...state, notice: undefined, overlay: { ...overlay, text: `${before}${first} ` } };
  const notice = { severity: "note", text: [...plain.slice(0, told).map(printable), ...(plain.length > told ? [words.frame.more(plain.length - told)] : [])].join("  ") } as const;
  return { ...state, notice, overlay: { ...overlay, text: before + plain.reduce(common) } };
}

function common(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}
