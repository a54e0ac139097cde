import type { Feed } from "../feed/index.ts";
import type { AppliancePicture, ConsoleState } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { type ConsoleEvent, opened, type Step, update } from "../update/index.ts";
import { type Action, type Row, shownRows, view, type WholeScene } from "../views/index.ts";
import { rowLines } from "./menus.ts";

export interface TreePlace {
  readonly feed: Pick<Feed, "snapshots" | "directory">;
  readonly state: ConsoleState;
  readonly appliance: AppliancePicture;
  ask(prompt: string): Promise<string | undefined>;
  say(...lines: readonly string[]): void;
  /** Asks what the action asks, and does it. */
  take(action: Action): Promise<void>;
}

/**
 * An archive's snapshots and the tree of each, line by line: a number opens, `*` and a number marks, `a` and a number shows what can be done with that
 * row or with what is marked. An empty line goes one step back, `q` all of them.
 */
export async function plainTree(archive: string, words: Tongue, place: TreePlace): Promise<void> {
  let state: ConsoleState = { ...place.state, appliance: place.appliance, view: "archives" };
  const follow = async ({ state: next, effects }: Step): Promise<void> => {
    state = next;
    for (const effect of effects) {
      if (effect.kind === "read-snapshots") await happen({ kind: "snapshots", archive, snapshots: await place.feed.snapshots(archive) });
      else if (effect.kind === "read-directory") {
        const { snapshot, path } = effect;
        await happen({ kind: "directory", archive, snapshot, path, ...(await place.feed.directory(archive, snapshot, path)) });
      }
    }
  };
  const happen = async (event: ConsoleEvent): Promise<void> => { await follow(update(state, event, words)); };
  const rows = (): readonly Row[] => shownRows({ appliance: place.appliance, state, words });
  await follow(opened(state, { kind: "snapshots", archive }));
  while (state.tree !== undefined) {
    place.say(...lines(rows(), { appliance: place.appliance, state, words }));
    const typed = await place.ask(`${words.tree.plainKeys()}> `);
    if (typed === undefined || typed === "q") return;
    const [, sign = "", number = ""] = /^([*a]?) *(\d+)$/.exec(typed) ?? [];
    const row = rows()[Number(number) - 1];
    if (typed === "") await happen({ kind: "key", key: "escape" });
    else if (row !== undefined && sign === "*") {
      state = { ...state, places: { ...state.places, archives: { ...state.places.archives, selected: row.key } } };
      await happen({ kind: "key", key: " " });
    } else if (row?.opens !== undefined && sign === "") await follow(opened(state, row.opens));
    else if (row !== undefined) await act(row, place);
  }
}

async function act(row: Row, place: TreePlace): Promise<void> {
  place.say(row.cells[0]!.trim(), ...rowLines(row));
  const typed = await place.ask(`${row.cells[0]!.trim()}> `);
  const action = row.actions[Number(typed) - 1];
  if (action !== undefined) await place.take(action);
}

function lines(rows: readonly Row[], scene: WholeScene): readonly string[] {
  const above = (view("archives").above?.(scene) ?? []).map((line) => line.map(({ text }) => text).join("").trim());
  return [...above, ...rows.map(({ cells }, at) => `${String(at + 1)}. ${cells.map((cell) => cell.trimEnd()).filter((cell) => cell !== "").join("; ")}`)];
}
