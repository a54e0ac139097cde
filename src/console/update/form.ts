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
  return step({ ...state, overlay: { ...form, answers, text: next.initial, secretCharacters: 0 } });
}
