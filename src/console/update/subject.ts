import type { ConsoleState, Overlay, ViewId } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { subjectOf } from "../frame/index.ts";
import type { Step } from "./contract.ts";
import { start } from "./tasks.ts";
import { wordsOf } from "./typing.ts";

/** What the command line calls the things of a view. */
const nouns: Readonly<Record<ViewId, string>> = {
  today: "status", library: "library", jobs: "job", archives: "archive", cartridges: "volume", pools: "pool", health: "drive", log: "job",
};

/** The help of what is before somebody: the view's noun, the command of an action in a menu, or the one that is being typed. */
export function subjectHelp(state: ConsoleState, words: Tongue): Step {
  return start(state, ["help", ...subject(state, state.overlay, words)], false, false, words);
}

function subject(state: ConsoleState, overlay: Overlay | undefined, words: Tongue): readonly string[] {
  if (overlay?.kind === "command") {
    const typed = (wordsOf(overlay.text) ?? []).filter((word) => word !== "strongroom" && /^[a-z][a-z-]*$/.test(word));
    return typed.slice(0, 2);
  }
  if (overlay?.kind === "menu" && state.appliance !== undefined) {
    const action = subjectOf({ appliance: state.appliance, state, words }, overlay.row)?.row.actions[overlay.at];
    if (action !== undefined) return action.words({}).slice(0, 2);
  }
  const noun = nouns[state.view];
  return state.view === "archives" && state.tree?.snapshot !== undefined ? ["file"] : [noun];
}
