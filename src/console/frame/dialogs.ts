import { bindings, keyName } from "../keymap/index.ts";
import { type Line, line, lineWidth, span, wrap } from "../picture/index.ts";
import type { ConsoleState, Losses, Overlay } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { type Action, type Danger, moment, type Row, type WholeScene, shownRows } from "../views/index.ts";
import { printable } from "../../words/index.ts";
import type { Dialog } from "./dialog.ts";

/** The key that does what was confirmed: none that a scanner sends, and none that a finger meets by accident. */
export const confirmKey = "f10";

/** The row and the action that a dialog is about; undefined when they are gone. */
export function subjectOf(scene: WholeScene, rowKey: string, actionId?: string): { readonly row: Row; readonly action: Action | undefined } | undefined {
  const row = shownRows(scene).find(({ key }) => key === rowKey);
  return row === undefined ? undefined : { row, action: row.actions.find(({ id }) => id === actionId) };
}

/** What lies over the view now. Overlays of one line are in the footer and not here. */
export function dialogOf(scene: WholeScene, textCells: number): Dialog | undefined {
  const { overlay } = scene.state;
  switch (overlay?.kind) {
    case undefined:
    case "filter":
    case "command":
      return undefined;
    case "help":
      return helpDialog(scene.words, scene.state, overlay.top);
    case "detail":
      return detailDialog(scene, overlay, textCells);
    case "menu":
      return menuDialog(scene, overlay, textCells);
    case "form":
      return formDialog(scene, overlay);
    case "confirm":
      return confirmDialog(scene, overlay, textCells);
    case "output":
      return outputDialog(scene.state, overlay);
    case "leave":
      return { title: scene.words.keys.quit.text, lines: wrap(scene.words.frame.leave(runningTasks(scene.state)), textCells).map((text) => line(text)) };
  }
}

export function runningTasks({ tasks }: ConsoleState): number {
  return tasks.filter(({ exitCode }) => exitCode === undefined).length;
}

function helpDialog(words: Tongue, state: ConsoleState, top: number): Dialog {
  const lines = bindings.map(({ keys, text, tooltip }): Line => [
    span(keys.map(keyName).join(" ").padEnd(14), "key"), span(` ${text(words).padEnd(14)} `, "strong"), span(tooltip(words)),
  ]);
  return { title: words.frame.helpTitle(words.views[state.view].title), lines, top };
}

function detailDialog(scene: WholeScene, { row: rowKey, top }: Extract<Overlay, { kind: "detail" }>, textCells: number): Dialog | undefined {
  const row = subjectOf(scene, rowKey)?.row;
  if (row === undefined) return undefined;
  const lines = [...row.detail, ...(row.more?.() ?? [])].flatMap((one) => wrapLine(one, textCells));
  return { title: titleOf(row), lines, top, isWide: true };
}

/** Broken where it is too wide; then all of it has the style of its value. */
function wrapLine(one: Line, cells: number): readonly Line[] {
  if (lineWidth(one) <= cells) return [one];
  return wrap(one.map(({ text }) => text).join(""), cells).map((text) => line(text, one.at(-1)!.style));
}

function titleOf(row: Row): string {
  return row.barcode ?? row.cells.find((cell) => cell.trim() !== "")?.trim() ?? "";
}

function menuDialog(scene: WholeScene, { row: rowKey, at }: Extract<Overlay, { kind: "menu" }>, textCells: number): Dialog | undefined {
  const row = subjectOf(scene, rowKey)?.row;
  if (row === undefined) return undefined;
  const lines = row.actions.map(({ text, refused }, number): Line => {
    const mark = span(`${String(number + 1).padStart(2)}  `, number === at ? "selected" : "key");
    if (refused === undefined) return [mark, span(text, number === at ? "selected" : "plain")];
    return [mark, span(`${text} (${refused})`, number === at ? "selected" : "dim")];
  });
  const tooltip = row.actions[at]?.tooltip ?? "";
  return {
    title: scene.words.frame.menuTitle(titleOf(row)),
    lines: [...lines, [], ...wrap(tooltip, textCells).map((text) => line(text, "dim"))],
    showing: at,
  };
}

function formDialog(scene: WholeScene, overlay: Extract<Overlay, { kind: "form" }>): Dialog | undefined {
  const action = subjectOf(scene, overlay.row, overlay.action)?.action;
  if (action === undefined) return undefined;
  const questions = action.questions ?? [];
  const open = questions.findIndex(({ name }) => !(name in overlay.answers));
  const lines = questions.slice(0, open + 1).flatMap(({ name, prompt, isSecret }, at): readonly Line[] => {
    if (at < open) return [line(prompt, "dim"), line(`  ${isSecret === true ? "***" : overlay.answers[name]!}`)];
    const typed = isSecret === true ? "*".repeat(overlay.secretCharacters) : overlay.text;
    return [line(prompt, "strong"), [span("> ", "key"), span(typed), span(" ", "selected")]];
  });
  return { title: action.text, lines, showing: lines.length - 1, isWide: true };
}

function confirmDialog(scene: WholeScene, overlay: Extract<Overlay, { kind: "confirm" }>, textCells: number): Dialog | undefined {
  const action = subjectOf(scene, overlay.row, overlay.action)?.action;
  const danger = action?.danger;
  if (action !== undefined && overlay.preview !== undefined) return previewDialog(scene, action, overlay.preview);
  if (action === undefined || danger === undefined) return undefined;
  const { frame } = scene.words;
  const what = danger.what.flatMap((text) => wrap(text, textCells)).map((text) => line(text));
  if (danger.level === "moderate") return { title: frame.confirmTitle(action.text), lines: [...what, [], line(frame.noIsDefault(), "strong")] };
  const cost = lossesLines(overlay.losses, scene.words).flatMap((text) => wrap(text, textCells)).map((text) => line(text, overlay.losses?.onlyCopies === 0 ? "warn" : "err"));
  return { title: frame.confirmTitle(action.text), lines: [...what, ...cost, [], ...severeLines(danger, overlay.typed, scene.words)] };
}

/** The last rows of what was printed say what to bring. */
function previewDialog({ state, words: { frame } }: WholeScene, action: Action, preview: number): Dialog {
  const task = state.tasks.find(({ id }) => id === preview);
  const said = (task?.lines ?? []).slice(-Math.max(3, state.rows - 10)).map((text) => line(text));
  const isKnown = task === undefined || task.exitCode !== undefined;
  return { title: frame.confirmTitle(action.text), lines: [...said, [], isKnown ? line(frame.noIsDefault(), "strong") : line(frame.looking(), "dim")], isWide: true };
}

/** Of many cartridges the first are named. */
const elsewhereShown = 8;

export function lossesLines(losses: Losses | undefined, { frame }: Tongue): readonly string[] {
  if (losses === undefined) return [frame.looking()];
  const { pool, lastWrittenMs, copies, onlyCopies, elsewhere } = losses;
  const volume = pool === undefined ? [] : [frame.volumeOn(printable(pool), moment(lastWrittenMs))];
  if (copies === 0) return [...volume, frame.losingNothing()];
  const others = elsewhere.slice(0, elsewhereShown).map(({ barcode, place }) => `${printable(barcode)} (${printable(place)})`);
  const rest = elsewhere.length > elsewhereShown ? [frame.more(elsewhere.length - elsewhereShown)] : [];
  return [...volume, frame.losing(copies, onlyCopies, [...others, ...rest])];
}

function severeLines(danger: Extract<Danger, { level: "severe" }>, typed: string, { frame }: Tongue): readonly Line[] {
  const key = keyName(confirmKey);
  const state = typed === danger.barcode ? line(frame.rightBarcode(key), "alarm") : typed === "" ? line(frame.thenPress(key), "dim") : line(frame.notThat(danger.barcode), "dim");
  return [line(frame.typeBarcode(danger.barcode), "strong"), [span("> ", "key"), span(typed), span(" ", "selected")], state];
}

function outputDialog(state: ConsoleState, overlay: Extract<Overlay, { kind: "output" }>): Dialog | undefined {
  const task = state.tasks.find(({ id }) => id === overlay.task);
  if (task === undefined) return undefined;
  const ending: readonly Line[] = task.exitCode === undefined ? [line("...", "dim")] : [line(`exit ${String(task.exitCode)}`, task.exitCode === 0 ? "ok" : "err")];
  const lines = [...task.lines.map((text) => line(text)), ...ending];
  return { title: task.words.join(" "), lines, showing: overlay.top ?? lines.length - 1, isWide: true };
}
