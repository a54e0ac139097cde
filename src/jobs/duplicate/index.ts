export type { DuplicateOutcome, DuplicateParts, DuplicateReport } from "./parts.ts";
export { nothingOn, runDuplicate, wantedOf } from "./run.ts";
