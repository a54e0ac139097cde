import { subjectOf } from "../frame/index.ts";
import { characters } from "../picture/index.ts";
import type { ConsoleState, Overlay } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { type Step, step } from "./contract.ts";
import { afterQuestions } from "./menu.ts";
import { edited } from "./typing.ts";

type Form = Extract<Overlay, { kind: "form" }>;

/** Keys at the questions of an action, one after the other. What is typed at a secret one goes to the world and not into the state. */
export function inForm(state: ConsoleState, form: Form, key: string, words: Tongue): Step {
  const action = state.appliance === undefined ? undefined : subjectOf({ appliance: state.appliance, state, words }, form.row, form.action)?.action;
  const open = action?.questions?.find(({ name }) => !(name in form.answers));
  if (action === undefined || open === undefined) {
    return step({ ...state, overlay: undefined, notice: { severity: "note", text: words.frame.gone() } }, { kind: "secret-forget" });
  }
  if (key === "escape" || key === "ctrl-c") return step({ ...state, overlay: undefined }, { kind: "secret-forget" });
  if (key === "enter" && open.repeats !== undefined) return step(state, { kind: "secret-compare" });
  if (key === "enter") return answered(state, form, open.name, open.isSecret === true ? "" : form.text, words);
  if (open.isSecret === true) {
    if (key === "backspace") return step(state, { kind: "secret-backspace" });
    return characters(key).length === 1 ? step(state, { kind: "secret-character", character: key }) : step(state);
  }
  return step({ ...state, overlay: { ...form, text: edited(form.text, key) } });
}

function answered(state: ConsoleState, form: Form, name: string, text: string, words: Tongue): Step {
  const action = subjectOf({ appliance: state.appliance!, state, words }, form.row, form.action)!.action!;
  const answers = { ...form.answers, [name]: text };
  const next = action.questions!.find((question) => !(question.name in answers));
  if (next === undefined) return afterQuestions(state, form.row, action, answers, words);
  const asked = { ...state, overlay: { ...form, answers, text: next.initial, secretCharacters: 0 } };
  return next.repeats === name ? step(asked, { kind: "secret-keep" }) : step(asked);
}

/** Two that differ are both typed anew: nobody knows which of them was meant. */
export function compared(state: ConsoleState, isSame: boolean, words: Tongue): Step {
  const form = state.overlay;
  if (form?.kind !== "form" || state.appliance === undefined) return step(state, { kind: "secret-forget" });
  const questions = subjectOf({ appliance: state.appliance, state, words }, form.row, form.action)?.action?.questions ?? [];
  const open = questions.find(({ name }) => !(name in form.answers));
  if (open?.repeats === undefined) return step(state, { kind: "secret-forget" });
  if (isSame) return answered(state, form, open.name, "", words);
  const answers = Object.fromEntries(Object.entries(form.answers).filter(([name]) => name !== open.repeats));
  const notice = { severity: "warn", text: words.frame.secretsDiffer() } as const;
  return step({ ...state, notice, overlay: { ...form, answers, text: "", secretCharacters: 0 } }, { kind: "secret-forget" });
}
