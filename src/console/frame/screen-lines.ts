import { bindings, keyName } from "../keymap/index.ts";
import { fit, fitLine, type Glyphs, inAscii, type Line, line, lineWidth, type Look, span, widthOf, wrap } from "../picture/index.ts";
import { type ConsoleState, viewIds } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { calling, needs, type WholeScene, selectedAt, shownRows } from "../views/index.ts";
import { overlay } from "./dialog.ts";
import { dialogOf } from "./dialogs.ts";
import { listArea } from "./list.ts";

/** Below this one sentence is all that fits. */
export const leastSize = { columns: 40, rows: 10 } as const;

/** The whole screen as lines, as many and as wide as the terminal: header, tabs, view, notice, footer. Pure. */
export function screenLines(state: ConsoleState, words: Tongue, { glyphs, isAscii }: Look): readonly Line[] {
  const lines = wholeScreen(state, words, glyphs);
  return isAscii ? lines.map((spans) => spans.map(({ text, style }) => ({ text: inAscii(text), style }))) : lines;
}

function wholeScreen(state: ConsoleState, words: Tongue, glyphs: Glyphs): readonly Line[] {
  const { columns, rows } = state;
  if (columns < leastSize.columns || rows < leastSize.rows) return tooSmall(state, words, glyphs);
  const scene = state.appliance === undefined ? undefined : { appliance: state.appliance, state, words };
  const middle = scene === undefined ? waiting(words, columns, rows - 4, glyphs) : listArea(scene, columns, rows - 4, glyphs);
  const lines = [header(state, scene, words, glyphs), tabs(state, words, glyphs), ...middle, noticeLine(state, words, glyphs), footer(state, words, glyphs)];
  const dialog = scene === undefined ? undefined : dialogOf(scene, Math.min(columns - 6, 100));
  return dialog === undefined ? lines : overlay(lines, dialog, columns, glyphs);
}

function tooSmall({ columns, rows }: ConsoleState, words: Tongue, { cut }: Glyphs): readonly Line[] {
  const lines = wrap(words.frame.tooSmall(columns, rows), columns).slice(0, rows).map((text) => fitLine(line(text), columns, cut));
  while (lines.length < rows) lines.push(fitLine([], columns, cut));
  return lines;
}

function waiting(words: Tongue, columns: number, rows: number, { cut }: Glyphs): readonly Line[] {
  return Array.from({ length: rows }, (_, row) => fitLine(row === 1 ? line(`  ${words.frame.reading()}`, "dim") : [], columns, cut));
}

/** One big line while somebody is needed; who they are for stands in Today. */
function header(state: ConsoleState, scene: WholeScene | undefined, words: Tongue, { cut }: Glyphs): Line {
  const name = `Strongroom ${state.appliance?.name ?? ""}`;
  const count = scene === undefined ? 0 : needs(scene).length;
  const rows = scene === undefined ? [] : shownRows(scene);
  const at = selectedAt(rows, state.places[state.view]);
  const right = at === undefined ? "" : words.frame.row(at + 1, rows.length);
  if (count > 0) {
    const text = callText(scene!, count, name, state.columns - right.length - 2, cut);
    return fitLine([span(text, "alarm"), span(" ".repeat(Math.max(1, state.columns - widthOf(text) - right.length - 1)), "alarm"), span(`${right} `, "alarm")], state.columns, cut, "alarm");
  }
  const left = span(` ${name}`, "title");
  return fitLine([left, span(" ".repeat(Math.max(1, state.columns - lineWidth([left]) - right.length - 1))), span(`${right} `, "dim")], state.columns, cut);
}

/** What a job waits for, if one does: there what is needed is cut rather than who waits and how long. */
function callText(scene: WholeScene, count: number, name: string, cells: number, cut: string): string {
  const { frame } = scene.words;
  const call = calling(scene);
  if (call === undefined) return ` ${frame.needsOperator(count)}   ${name}`;
  const rest = ` (${call.rest}${count > 1 ? `, ${frame.moreNeeded(count - 1)}` : ""})`;
  return ` ${fit(call.needs, Math.max(8, Math.min(widthOf(call.needs), cells - 1 - widthOf(rest))), cut)}${rest}`;
}

/** Where the titles do not fit, the numbers do, and the title of the one that is open. */
function tabs(state: ConsoleState, words: Tongue, { cut }: Glyphs): Line {
  const whole = viewIds.flatMap((id, at) => [span(` ${String(at + 1)} ${words.views[id].title} `, id === state.view ? "selected" : "plain")]);
  if (lineWidth(whole) <= state.columns) return fitLine(whole, state.columns, cut);
  const short = viewIds.flatMap((id, at) => [span(id === state.view ? ` ${String(at + 1)} ${words.views[id].title} ` : ` ${String(at + 1)} `, id === state.view ? "selected" : "plain")]);
  return fitLine(short, state.columns, cut);
}

function noticeLine(state: ConsoleState, words: Tongue, { cut }: Glyphs): Line {
  const { filter } = state.places[state.view];
  if (filter !== "" && state.overlay?.kind !== "filter") return fitLine(line(` ${words.frame.filtered(filter)}`, "note"), state.columns, cut);
  if (state.notice !== undefined) return fitLine(line(` ${state.notice.text}`, state.notice.severity), state.columns, cut);
  return fitLine([], state.columns, cut);
}

function footer(state: ConsoleState, words: Tongue, { cut }: Glyphs): Line {
  const { overlay: over, columns } = state;
  if (over?.kind === "command") return fitLine([span(":", "key"), span(over.text), span(" ", "selected"), span(`  ${words.frame.enterRuns()}`, "dim")], columns, cut);
  if (over?.kind === "filter") return fitLine([span("/", "key"), span(state.places[state.view].filter), span(" ", "selected")], columns, cut);
  const told = bindings.filter(({ footer: place }) => place !== undefined).sort((a, b) => a.footer! - b.footer!);
  const spans = told.flatMap(({ keys, text }) => [span(` ${keyName(keys[0]!)}`, "key"), span(` ${text(words)} `)]);
  return fitLine(spans, columns, cut);
}
