import type { ConsoleState, Overlay } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { withPlace } from "./browsing.ts";
import { toComplete } from "./completing.ts";
import { type Step, step } from "./contract.ts";
import { subjectHelp } from "./subject.ts";
import { start } from "./tasks.ts";
import { edited, wordsOf } from "./typing.ts";

const historyKept = 100;

/** Keys at the filter: rows are chosen as it is typed. Escape brings back what was before. */
export function inFilter(state: ConsoleState, { before }: Extract<Overlay, { kind: "filter" }>, key: string): Step {
  if (key === "enter") return step({ ...state, overlay: undefined });
  if (key === "escape" || key === "ctrl-c") return step(withPlace({ ...state, overlay: undefined }, state.view, { filter: before }));
  return step(withPlace(state, state.view, { filter: edited(state.places[state.view].filter, key) }));
}

/** Keys behind the colon. Any command of strongroom can be typed there, with or without its name in front. */
export function inCommand(state: ConsoleState, overlay: Extract<Overlay, { kind: "command" }>, key: string, words: Tongue): Step {
  switch (key) {
    case "escape": case "ctrl-c": return step({ ...state, overlay: undefined });
    case "up": case "down": return step(recalled(state, overlay, key === "up" ? -1 : 1));
    case "enter": return run(state, overlay.text, words);
    case "tab": return toComplete(state, overlay.text);
    case "f1": return subjectHelp(state, words);
    default: return step({ ...state, overlay: { ...overlay, text: edited(overlay.text, key), recalled: undefined } });
  }
}

function recalled(state: ConsoleState, overlay: Extract<Overlay, { kind: "command" }>, by: number): ConsoleState {
  const { history } = state;
  const at = Math.max(0, Math.min(history.length, (overlay.recalled ?? history.length) + by));
  return { ...state, overlay: { ...overlay, recalled: at, text: history[at] ?? "" } };
}

function run(state: ConsoleState, text: string, words: Tongue): Step {
  const typed = wordsOf(text);
  const line = typed?.[0] === "strongroom" ? typed.slice(1) : typed;
  const closed: ConsoleState = { ...state, overlay: undefined };
  if (line === undefined || line.length === 0) return step(closed);
  const history = [...state.history.filter((one) => one !== text), text].slice(-historyKept);
  return start({ ...closed, history }, line, false, false, words);
}

/** Keys while the output of a command is shown; it runs on when it is closed. */
export function inOutput(state: ConsoleState, overlay: Extract<Overlay, { kind: "output" }>, key: string): Step {
  const last = state.tasks.find(({ id }) => id === overlay.task)?.lines.length ?? 0;
  const page = Math.max(1, state.rows - 8);
  const top = overlay.top ?? last;
  const to = (at: number): Step => step({ ...state, overlay: { ...overlay, top: at >= last ? undefined : Math.max(0, at) } });
  switch (key) {
    case "up": case "k": return to(Math.min(top, last) - 1);
    case "down": case "j": return to(top + 1);
    case "pageup": return to(top - page);
    case "pagedown": return to(top + page);
    case "home": return to(0);
    case "end": return to(last);
    case "escape": case "enter": case "left": case "q": case "ctrl-c": return step({ ...state, overlay: undefined });
    default: return step(state);
  }
}
