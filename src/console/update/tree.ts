import { printable } from "../../words/index.ts";
import { type ConsoleState, type Listing, mostMarked, type Opening, type TreePlace } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { selectedAt, shownRows } from "../views/index.ts";
import { type ConsoleEvent, type Step, step } from "./contract.ts";
import { markedCartridge, openExchange } from "./exchange.ts";

const reading: Listing = { entries: undefined, hasMore: false };

/** Goes where Enter leads, and asks for what is to be read there. */
export function opened(state: ConsoleState, opening: Opening): Step {
  const { tree } = state;
  switch (opening.kind) {
    case "exchange": return openExchange(state, opening);
    case "snapshots": {
      const { archive } = opening;
      const at: TreePlace = { archive, snapshots: undefined, snapshot: undefined, directories: new Map(), marked: new Set() };
      return step(placed({ ...state, view: "archives", overlay: undefined, notice: undefined, tree: at }, undefined), { kind: "read-snapshots", archive });
    }
    case "tree": {
      if (tree?.archive !== opening.archive) return step(state);
      const at: TreePlace = { ...tree, snapshot: opening.snapshot, directories: new Map([["", reading]]), marked: new Set() };
      return step(placed({ ...state, overlay: undefined, tree: at }, undefined), { kind: "read-directory", archive: opening.archive, snapshot: opening.snapshot, path: new Uint8Array() });
    }
    case "directory": {
      if (tree?.archive !== opening.archive || tree.snapshot !== opening.snapshot) return step(state);
      const key = printable(opening.path);
      const directories = new Map(tree.directories);
      const isOpen = directories.delete(key);
      if (isOpen) return step({ ...state, tree: { ...tree, directories } });
      directories.set(key, reading);
      return step({ ...state, tree: { ...tree, directories } }, { kind: "read-directory", archive: opening.archive, snapshot: opening.snapshot, path: opening.path });
    }
  }
}

/** One level up; the row that led down is selected again. */
export function closed(state: ConsoleState, tree: TreePlace): ConsoleState {
  if (tree.snapshot === undefined) return placed({ ...state, tree: undefined }, `archive ${tree.archive}`);
  return placed({ ...state, tree: { ...tree, snapshot: undefined, directories: new Map(), marked: new Set() } }, `snapshot ${String(tree.snapshot)}`);
}

/** What was read for a place that somebody has left meanwhile is dropped. */
export function arrived(state: ConsoleState, event: Extract<ConsoleEvent, { kind: "snapshots" | "directory" }>): ConsoleState {
  const { tree } = state;
  if (tree?.archive !== event.archive) return state;
  if (event.kind === "snapshots") return { ...state, tree: { ...tree, snapshots: event.snapshots } };
  const key = printable(event.path);
  if (tree.snapshot !== event.snapshot || !tree.directories.has(key)) return state;
  return { ...state, tree: { ...tree, directories: new Map(tree.directories).set(key, { entries: event.entries, hasMore: event.hasMore }) } };
}

/** Marks the selected row, or takes its mark away, and goes on to the next. */
export function marked(state: ConsoleState, words: Tongue): Step {
  const { tree, appliance } = state;
  if (state.view === "cartridges") return markedCartridge(state, words);
  if (appliance === undefined || state.view !== "archives" || tree?.snapshot === undefined) return step(state);
  const rows = shownRows({ appliance, state, words });
  const at = selectedAt(rows, state.places.archives);
  const mark = at === undefined ? undefined : rows[at]!.mark;
  if (mark === undefined) return step(state);
  const marks = new Set(tree.marked);
  if (!marks.delete(mark)) {
    if (marks.size >= mostMarked) return step({ ...state, notice: { severity: "warn", text: words.tree.tooManyMarked(mostMarked) } });
    marks.add(mark);
  }
  const next = Math.min(rows.length - 1, at! + 1);
  const archives = { ...state.places.archives, selected: rows[next]!.key, at: next };
  return step({ ...state, tree: { ...tree, marked: marks }, places: { ...state.places, archives } });
}

function placed(state: ConsoleState, selected: string | undefined): ConsoleState {
  return { ...state, places: { ...state.places, archives: { selected, at: 0, filter: "" } } };
}
