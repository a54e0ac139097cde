export { advices, type AdviceName } from "./advice.ts";
export { codeRow, codeRows } from "./code-table.ts";
export type { CodeRow, SenseClass } from "./contract.ts";
export { keyRows, type SenseKeyRow } from "./keys.ts";
export { type SenseMeaning, senseMeaning, type SenseNumbers } from "./meaning.ts";
