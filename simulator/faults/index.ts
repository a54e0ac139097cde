export { faultyOutcome } from "./answering.ts";
export { catalogue, type FaultKind } from "./catalogue.ts";
export type { FaultEffect, FaultMatch, FaultPhase, FaultRule, Sight, Strike } from "./contract.ts";
export { createFaultPlan, type FaultPlan, type PlannedFault } from "./plan.ts";
export { parseFaultRules } from "./rule-file.ts";
