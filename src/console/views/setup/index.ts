import { makeArchive, makeKeys, makePools, addLibraries } from "./forms.ts";
import type { Action, Row, Scene } from "../contract.ts";
import { fact } from "../phrases.ts";

export { makeArchive, makePools } from "./forms.ts";

interface SetupStep {
  readonly id: "keys" | "library" | "pool" | "archive" | "run";
  readonly isDone: boolean;
  readonly actions: readonly Action[];
}

/**
 * What stands between a new appliance and its first snapshot, in order; none once there is one. A step that is done is shown no more, one that
 * comes later is shown and says that it waits.
 */
export function setupSteps(scene: Scene): readonly Row[] {
  const { appliance, words } = scene;
  if (appliance.archives.some(({ snapshots, unfinished }) => snapshots > 0 || unfinished !== undefined)) return [];
  const open = steps(scene).filter(({ isDone }) => !isDone);
  return open.map(({ id, actions }, at) => ({
    key: `setup ${id}`,
    cells: [at === 0 ? words.states.next : words.states.later, words.setup[id].text, "", ""],
    style: at === 0 ? "strong" : "dim",
    detail: fact(words.facts.advice, words.setup[id].tooltip),
    actions: at === 0 ? actions : actions.map((action) => ({ ...action, refused: words.refusals.firstComes(words.setup[open[0]!.id].text) })),
  }));
}

/** Volumes may be folders on disks alone, so whoever has a pool needs no library. */
function steps(scene: Scene): readonly SetupStep[] {
  const { appliance, words: { actions } } = scene;
  const runs = appliance.archives.map(({ name }): Action => ({ id: `run ${name}`, ...actions.run, isJob: true, words: () => ["archive", "run", name, "--wait", "forever"] }));
  const busy = appliance.jobs.some(({ kind, state }) => kind === "archive run" && state === "running");
  return [
    { id: "keys", isDone: appliance.hasKeys, actions: [makeKeys(scene)] },
    { id: "library", isDone: appliance.libraries.length > 0 || appliance.pools.length > 0, actions: addLibraries(scene) },
    { id: "pool", isDone: appliance.pools.length > 0, actions: makePools(scene) },
    { id: "archive", isDone: appliance.archives.length > 0, actions: [makeArchive(scene)] },
    { id: "run", isDone: busy || appliance.archives.length === 0, actions: runs },
  ];
}
