import { subjectOf } from "../frame/index.ts";
import type { ConsoleState, Overlay } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import type { Action } from "../views/index.ts";
import { type Step, step } from "./contract.ts";
import { subjectHelp } from "./subject.ts";
import { startQuietly, startTask } from "./tasks.ts";
import { opened } from "./tree.ts";

type Menu = Extract<Overlay, { kind: "menu" }>;

/** Keys in the menu of a row: what can be done with it. Numbers choose and Enter takes; a number alone does nothing. */
export function inMenu(state: ConsoleState, menu: Menu, key: string, words: Tongue): Step {
  const row = state.appliance === undefined ? undefined : subjectOf({ appliance: state.appliance, state, words }, menu.row)?.row;
  if (row === undefined) return step({ ...state, overlay: undefined, notice: { severity: "note", text: words.frame.gone() } });
  const count = row.actions.length;
  const to = (at: number): Step => step({ ...state, overlay: { ...menu, at: Math.max(0, Math.min(count - 1, at)) } });
  switch (key) {
    case "up": case "k": return to(menu.at - 1);
    case "down": case "j": return to(menu.at + 1);
    case "f1": return subjectHelp(state, words);
    case "home": return to(0);
    case "end": return to(count - 1);
    case "escape": case "left": case "q": case "ctrl-c": return step({ ...state, overlay: undefined });
    case "enter": case "right": return take(state, menu.row, row.actions[menu.at]!, words);
    default: {
      const number = /^[1-9]$/.test(key) ? Number(key) - 1 : undefined;
      return number === undefined || number >= count ? step(state) : to(number);
    }
  }
}

/** An action goes through its questions, then through its confirmation, and only then is it begun. */
function take(state: ConsoleState, row: string, action: Action, words: Tongue): Step {
  if (action.refused !== undefined) return step({ ...state, notice: { severity: "warn", text: `${action.text}: ${action.refused}` } });
  if (action.opens !== undefined) return opened(state, action.opens);
  const [first] = action.questions ?? [];
  if (first === undefined) return afterQuestions(state, row, action, {}, words);
  return step(
    { ...state, overlay: { kind: "form", row, action: action.id, answers: {}, text: first.initial, secretCharacters: 0 } },
    { kind: "secret-forget" },
  );
}

export function afterQuestions(state: ConsoleState, row: string, action: Action, answers: Readonly<Record<string, string>>, words: Tongue): Step {
  const { danger, before } = action;
  if (before !== undefined) {
    const { state: begun, effects, task } = startQuietly(state, before(answers), words);
    return step({ ...begun, overlay: { kind: "confirm", row, action: action.id, answers, typed: "", losses: undefined, preview: task } }, ...effects);
  }
  if (danger === undefined) return startTask({ ...state, overlay: undefined }, action, answers, words);
  const overlay = { kind: "confirm", row, action: action.id, answers, typed: "", losses: undefined, preview: undefined } as const;
  return danger.level === "severe" ? step({ ...state, overlay }, { kind: "losses", barcode: danger.barcode }) : step({ ...state, overlay });
}
