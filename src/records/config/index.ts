export { openConfig } from "./config.ts";
export type * from "./contract.ts";
