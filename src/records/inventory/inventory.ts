import type { Store } from "../store/index.ts";
import { cartridgeTable } from "./cartridges.ts";
import type { Inventory } from "./contract.ts";
import { copyTable } from "./copies.ts";
import { objectTable } from "./objects.ts";
import { standingTable } from "./standings.ts";
import { volumeTable } from "./volumes.ts";

/** The inventory in the state database. */
export function openInventory(store: Store): Inventory {
  const atomically = (work: () => void): void => {
    store.transaction(work);
  };
  return { atomically, ...cartridgeTable(store), ...volumeTable(store), ...objectTable(store), ...copyTable(store), ...standingTable(store) };
}
