import type { Store } from "../store/index.ts";
import type { Catalog } from "./contract.ts";
import { catalogParts } from "./parts.ts";
import { reading } from "./reading.ts";
import { searching } from "./searching.ts";
import { troubles } from "./troubles.ts";
import { writing } from "./writing.ts";

/** The catalog in the state database. */
export function openCatalog(store: Store): Catalog {
  const parts = catalogParts(store);
  return { ...writing(parts), ...reading(parts), ...searching(parts), ...troubles(parts) };
}
