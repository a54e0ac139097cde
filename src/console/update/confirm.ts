import { confirmKey, subjectOf } from "../frame/index.ts";
import type { ConsoleState, Overlay } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import type { Action } from "../views/index.ts";
import { type Step, step } from "./contract.ts";
import { startTask } from "./tasks.ts";
import { edited } from "./typing.ts";

type Confirm = Extract<Overlay, { kind: "confirm" }>;

/** What it needs is on the screen before it begins; `y` says yes when all of it is. */
function inPreview(state: ConsoleState, action: Action, { preview, answers }: Confirm, key: string, words: Tongue): Step {
  const isKnown = state.tasks.find(({ id }) => id === preview)?.exitCode !== undefined;
  if (key === "y") return isKnown ? startTask({ ...state, overlay: undefined }, action, answers, words) : step(state);
  return step({ ...state, overlay: undefined }, { kind: "secret-forget" });
}

/**
 * Keys at a question before something that loses data. `y` alone says yes to a moderate one. A severe one wants the whole barcode, typed or scanned,
 * what would be lost known and shown, and then a key of its own: Enter, which scanners send, does nothing here.
 */
export function inConfirm(state: ConsoleState, confirm: Confirm, key: string, words: Tongue): Step {
  const action = state.appliance === undefined ? undefined : subjectOf({ appliance: state.appliance, state, words }, confirm.row, confirm.action)?.action;
  const closed: ConsoleState = { ...state, overlay: undefined };
  if (action !== undefined && action.refused === undefined && confirm.preview !== undefined) return inPreview(state, action, confirm, key, words);
  if (action?.danger === undefined || action.refused !== undefined) {
    return step({ ...closed, notice: { severity: "note", text: action?.refused ?? words.frame.gone() } }, { kind: "secret-forget" });
  }
  if (key === "escape" || key === "ctrl-c") return step(closed, { kind: "secret-forget" });
  if (action.danger.level === "moderate") return key === "y" ? startTask(closed, action, confirm.answers, words) : step(closed, { kind: "secret-forget" });
  if (key === confirmKey) {
    const isProven = confirm.typed === action.danger.barcode && confirm.losses !== undefined;
    return isProven ? startTask(closed, action, confirm.answers, words) : step(state);
  }
  return step({ ...state, overlay: { ...confirm, typed: edited(confirm.typed, key) } });
}
