import type { ViewId } from "../state/index.ts";
import { archives } from "./archives/index.ts";
import { cartridges } from "./cartridges/index.ts";
import type { Row, Scene, View } from "./contract.ts";
import { health } from "./health/index.ts";
import { jobs } from "./jobs/index.ts";
import { library } from "./library/index.ts";
import { log } from "./log/index.ts";
import { pools } from "./pools/index.ts";
import { today } from "./today/index.ts";

export { type Stage, stageOf } from "./cartridges/index.ts";
export { type Whereabouts, whereabouts } from "./library/index.ts";
export { calling, needs } from "./today/index.ts";
export { moment } from "./phrases.ts";
export type { Action, Column, Danger, Question, Row, Scene, View } from "./contract.ts";

const views: Readonly<Record<ViewId, View>> = { today, library, jobs, archives, cartridges, pools, health, log };

export function view(id: ViewId): View {
  return views[id];
}

/** The rows of the view that are shown: those in which the filter's words all occur. */
export function shownRows(scene: Scene, id: ViewId = scene.state.view): readonly Row[] {
  const rows = views[id].rows(scene);
  const wanted = scene.state.places[id].filter.toLowerCase().split(" ").filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter(({ cells }) => {
    const text = cells.join(" ").toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Which of the rows is selected: the same one as before, or what took the place of one that is gone. Undefined when there are none. */
export function selectedAt(rows: readonly Row[], place: { readonly selected: string | undefined; readonly at: number }): number | undefined {
  if (rows.length === 0) return undefined;
  const known = rows.findIndex(({ key }) => key === place.selected);
  return known >= 0 ? known : Math.min(place.at, rows.length - 1);
}
