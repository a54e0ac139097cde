import type { ViewId } from "../state/index.ts";
import { archives } from "./archives/index.ts";
import { cartridges } from "./cartridges/index.ts";
import type { Row, View, WholeScene } from "./contract.ts";
import { health } from "./health/index.ts";
import { jobs } from "./jobs/index.ts";
import { library } from "./library/index.ts";
import { log } from "./log/index.ts";
import { pools } from "./pools/index.ts";
import { remember } from "./remember.ts";
import { today } from "./today/index.ts";

export { type Stage, stageOf } from "./cartridges/index.ts";
export { type Whereabouts, whereabouts } from "./library/index.ts";
export { calling, needs } from "./today/index.ts";
export { moment } from "./phrases.ts";
export type { Action, Column, Danger, Question, Row, Scene, View, WholeScene } from "./contract.ts";

const views: Readonly<Record<ViewId, View>> = { today, library, jobs, archives, cartridges, pools, health, log };

export function view(id: ViewId): View {
  return views[id];
}

/** The rows of the view that are shown: those in which the filter's words all occur. */
export function shownRows(scene: WholeScene, id: ViewId = scene.state.view): readonly Row[] {
  const filter = scene.state.places[id].filter.toLowerCase();
  const rows = remember(scene, `rows ${id}`, () => views[id].rows(scene));
  const wanted = filter.split(" ").filter(Boolean);
  if (wanted.length === 0) return rows;
  const texts = remember(scene, `texts ${id}`, () => rows.map(({ cells }) => cells.join(" ").toLowerCase()));
  return remember(scene, `filtered ${id}`, () => rows.filter((_, at) => wanted.every((word) => texts[at]!.includes(word))), filter);
}

/** Which of the rows is selected: the same one as before, or what took the place of one that is gone. Undefined when there are none. */
export function selectedAt(rows: readonly Row[], place: { readonly selected: string | undefined; readonly at: number }): number | undefined {
  if (rows.length === 0) return undefined;
  if (rows[place.at]?.key === place.selected) return place.at;
  const known = rows.findIndex(({ key }) => key === place.selected);
  return known >= 0 ? known : Math.min(place.at, rows.length - 1);
}
