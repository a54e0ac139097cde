import type { ConsoleState, ViewId } from "../state/index.ts";
import { viewIds } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { needs, type Row, type WholeScene, shownRows, view } from "../views/index.ts";

/** Words that say what matters first, and one thing a line: nothing is drawn, nothing is ever taken back. */
export function viewLines(scene: WholeScene, id: ViewId): readonly string[] {
  const { words } = scene;
  const rows = shownRows(scene, id);
  const titles = view(id).columns(words).map(({ title }) => title);
  const above = (view(id).above?.(scene) ?? []).map((line) => line.map(({ text }) => text).join("").trim());
  const listed = rows.map((row, at) => `${String(at + 1)}. ${rowText(row, titles)}`);
  return [`${words.views[id].title}: ${words.views[id].summary}`, ...above, ...(rows.length === 0 ? [words.views[id].empty] : listed)];
}

/** `state: loaded; barcode: SR0001L8`, without cells that are empty. The first column needs no title. */
function rowText({ cells }: Row, titles: readonly string[]): string {
  const told = cells.flatMap((cell, at) => (cell.trim() === "" ? [] : [at === 0 ? cell.trim() : `${titles[at] ?? ""}: ${cell.trim()}`]));
  return told.join("; ");
}

export function rowLines(row: Row): readonly string[] {
  const detail = row.detail.map((line) => line.map(({ text }) => text).join("").trim()).filter((text) => text !== "");
  const actions = row.actions.map(({ text, tooltip, refused }, at) => `${String(at + 1)}. ${text}: ${refused ?? tooltip}`);
  return [...detail, ...actions];
}

export function mainMenu(words: Tongue): readonly string[] {
  return viewIds.map((id, at) => `${String(at + 1)}. ${words.views[id].title}: ${words.views[id].summary}`);
}

/** Told once for each thing that needs a person, when it comes up. */
export function newNeeds(scene: WholeScene, told: ReadonlySet<string>): readonly Row[] {
  return needs(scene).filter(({ key }) => !told.has(key));
}

export function sceneOf(state: ConsoleState, words: Tongue): WholeScene | undefined {
  return state.appliance === undefined ? undefined : { appliance: state.appliance, state, words };
}
