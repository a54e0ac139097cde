export { openCatalog } from "./catalog.ts";
export type * from "./contract.ts";
