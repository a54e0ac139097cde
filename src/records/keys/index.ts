export type * from "./contract.ts";
export { openKeyRing } from "./ring.ts";
