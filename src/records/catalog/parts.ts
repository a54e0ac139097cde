import type { Store } from "../store/index.ts";
import { directories } from "./directories.ts";
import { snapshotNumbers } from "./rows.ts";
import { segmentTable } from "./segments.ts";
import { snapshotTable } from "./snapshots.ts";
import { walker } from "./walk.ts";

/** What reading, searching and writing share, over one store. */
export type Parts = ReturnType<typeof catalogParts>;

export function catalogParts(store: Store) {
  return {
    store,
    directories: directories(store),
    numberOf: snapshotNumbers(store),
    snapshots: snapshotTable(store),
    segments: segmentTable(store),
    walk: walker(store),
  };
}
