import type { Store } from "../store/index.ts";
import { cleaningTables } from "./cleanings.ts";
import type { Upkeep } from "./contract.ts";
import { readingTable } from "./readings.ts";

/** The upkeep records in the state database. */
export function openUpkeep(store: Store): Upkeep {
  return { ...readingTable(store), ...cleaningTables(store) };
}
