export type * from "./contract.ts";
export { openUpkeep } from "./upkeep.ts";
export { readingsKept } from "./contract.ts";
