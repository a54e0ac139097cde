export { initiatorName } from "./check.ts";
export { openConfig } from "./config.ts";
export type * from "./contract.ts";
