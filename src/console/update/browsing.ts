import { bindingOf, type Intent } from "../keymap/index.ts";
import { type ConsoleState, type Place, viewIds, type ViewId } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { selectedAt, shownRows } from "../views/index.ts";
import { runningTasks } from "../frame/index.ts";
import { type Step, step } from "./contract.ts";
import { closeExchange, confirmedBatch, exchangeKey } from "./exchange.ts";
import { closed, marked, opened } from "./tree.ts";

/** Keys while nothing lies over the view. */
export function browse(state: ConsoleState, key: string, words: Tongue): Step {
  const intent = bindingOf(key)?.intent;
  if (intent === undefined) return step(state);
  return typeof intent === "string" ? plainIntent(state, intent, words) : step(open(state, intent.view));
}

type Motion = "up" | "down" | "pageUp" | "pageDown" | "first" | "last";

/** Where each key of movement leads, from a row among so many, with so many on a screen. */
const motions: Readonly<Record<Motion, (at: number, count: number, page: number) => number>> = {
  up: (at) => at - 1,
  down: (at) => at + 1,
  pageUp: (at, _, page) => at - page,
  pageDown: (at, _, page) => at + page,
  first: () => 0,
  last: (_, count) => count - 1,
};

type PlainIntent = Exclude<Intent, { readonly view: unknown }>;

function isMotion(intent: PlainIntent): intent is Motion {
  return intent in motions;
}

function plainIntent(state: ConsoleState, intent: PlainIntent, words: Tongue): Step {
  if (isMotion(intent)) return step(moved(state, words, (at, count) => motions[intent](at, count, pageRows(state))));
  switch (intent) {
    case "open": return openRow(state, words);
    case "menu": return openMenu(state, words);
    case "mark": return marked(state, words);
    case "back": return step(back({ ...state, notice: undefined }));
    case "takeOut": return exchangeKey(state, "out", words);
    case "bringIn": return exchangeKey(state, "in", words);
    case "confirm": return confirmedBatch(state, words);
    case "nextView": return step(open(state, neighbour(state.view, 1)));
    case "previousView": return step(open(state, neighbour(state.view, -1)));
    case "filter": return step({ ...state, overlay: { kind: "filter", before: state.places[state.view].filter } });
    case "command": return step({ ...state, overlay: { kind: "command", text: "", recalled: undefined } });
    case "help": return step({ ...state, overlay: { kind: "help", top: 0 } });
    case "refresh": return step(state, { kind: "refresh" });
    case "redraw": return step(state, { kind: "redraw" });
    case "mute": return step({ ...state, bell: { ...state.bell, muted: !state.bell.muted } });
    case "save": return step(state, { kind: "save" });
    case "quit": return runningTasks(state) > 0 ? step({ ...state, overlay: { kind: "leave" } }) : step(state, { kind: "leave" });
  }
}

function pageRows({ rows }: ConsoleState): number {
  return Math.max(1, rows - 6);
}

function neighbour(view: ViewId, by: number): ViewId {
  return viewIds[(viewIds.indexOf(view) + by + viewIds.length) % viewIds.length]!;
}

function open(state: ConsoleState, view: ViewId): ConsoleState {
  return { ...state, view, notice: undefined };
}

export function withPlace(state: ConsoleState, view: ViewId, change: Partial<Place>): ConsoleState {
  return { ...state, places: { ...state.places, [view]: { ...state.places[view], ...change } } };
}

function moved(state: ConsoleState, words: Tongue, to: (at: number, count: number) => number): ConsoleState {
  if (state.appliance === undefined) return state;
  const rows = shownRows({ appliance: state.appliance, state, words });
  const at = selectedAt(rows, state.places[state.view]);
  if (at === undefined) return state;
  const next = Math.max(0, Math.min(rows.length - 1, to(at, rows.length)));
  return withPlace(state, state.view, { selected: rows[next]!.key, at: next });
}

/** A filter is taken away first: Escape goes back one step. */
function back(state: ConsoleState): ConsoleState {
  if (state.places[state.view].filter !== "") return withPlace(state, state.view, { filter: "" });
  if (state.view === "archives" && state.tree !== undefined) return closed(state, state.tree);
  return state.view === "cartridges" ? closeExchange(state) : state;
}

function openRow(state: ConsoleState, words: Tongue): Step {
  if (state.appliance === undefined) return step(state);
  const rows = shownRows({ appliance: state.appliance, state, words });
  const at = selectedAt(rows, state.places[state.view]);
  const row = at === undefined ? undefined : rows[at];
  return row?.opens === undefined ? openMenu(state, words) : opened(withPlace(state, state.view, { selected: row.key, at: at! }), row.opens);
}

function openMenu(state: ConsoleState, words: Tongue): Step {
  if (state.appliance === undefined) return step(state);
  const rows = shownRows({ appliance: state.appliance, state, words });
  const at = selectedAt(rows, state.places[state.view]);
  const row = at === undefined ? undefined : rows[at];
  if (row === undefined || row.actions.length === 0) return step(state);
  const placed = withPlace(state, state.view, { selected: row.key, at: at! });
  return step({ ...placed, notice: undefined, overlay: { kind: "menu", row: row.key, at: 0 } });
}
