import { bindingOf, type Intent } from "../keymap/index.ts";
import { type ConsoleState, type Place, viewIds, type ViewId } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { selectedAt, shownRows } from "../views/index.ts";
import { runningTasks } from "../frame/index.ts";
import { type Step, step } from "./contract.ts";
import { closeExchange, confirmedBatch, exchangeKey } from "./exchange.ts";
import { subjectHelp } from "./subject.ts";
import { closed, marked, opened } from "./tree.ts";

/** Keys while nothing lies over the view. */
export function browse(state: ConsoleState, key: string, words: Tongue): Step {
  const intent = bindingOf(key)?.intent;
  if (intent === undefined) return step(state);
  if (typeof intent !== "string") return step(open(state, intent.view));
  return isMotion(intent) ? step(moved(state, words, (at, count) => motions[intent](at, count, pageRows(state)))) : doings[intent](state, words);
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

const doings: Readonly<Record<Exclude<PlainIntent, Motion>, (state: ConsoleState, words: Tongue) => Step>> = {
  open: openRow,
  menu: openMenu,
  detail: openDetail,
  mark: marked,
  back: (state) => step(back({ ...state, notice: undefined })),
  takeOut: (state, words) => exchangeKey(state, "out", words),
  bringIn: (state, words) => exchangeKey(state, "in", words),
  confirm: confirmedBatch,
  nextView: (state) => step(open(state, neighbour(state.view, 1))),
  previousView: (state) => step(open(state, neighbour(state.view, -1))),
  filter: (state) => step({ ...state, overlay: { kind: "filter", before: state.places[state.view].filter } }),
  command: (state) => step({ ...state, overlay: { kind: "command", text: "", recalled: undefined } }),
  subject: subjectHelp,
  help: (state) => step({ ...state, overlay: { kind: "help", top: 0 } }),
  refresh: (state) => step(state, { kind: "refresh" }),
  redraw: (state) => step(state, { kind: "redraw" }),
  mute: (state) => step({ ...state, bell: { ...state.bell, muted: !state.bell.muted } }),
  save: (state) => step(state, { kind: "save" }),
  quit: (state) => (runningTasks(state) > 0 ? step({ ...state, overlay: { kind: "leave" } }) : step(state, { kind: "leave" })),
};

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

function openDetail(state: ConsoleState, words: Tongue): Step {
  if (state.appliance === undefined) return step(state);
  const rows = shownRows({ appliance: state.appliance, state, words });
  const row = rows[selectedAt(rows, state.places[state.view]) ?? -1];
  return step(row === undefined ? state : { ...state, overlay: { kind: "detail", row: row.key, top: 0 } });
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
