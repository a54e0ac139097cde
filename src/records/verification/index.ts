export type * from "./contract.ts";
export { checksKept } from "./contract.ts";
export { openVerifications } from "./verifications.ts";
