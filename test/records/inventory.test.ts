import { openCatalog, openInventory } from "../../src/records/index.ts";
import { inventoryConformance } from "../conformance/inventory.ts";
import { temporaryStore } from "./temporary.ts";

inventoryConformance("state database", () => {
  const { store, close } = temporaryStore();
  return { inventory: openInventory(store), catalog: openCatalog(store), close };
});
