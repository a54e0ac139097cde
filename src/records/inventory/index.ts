export type * from "./contract.ts";
export { openInventory } from "./inventory.ts";
