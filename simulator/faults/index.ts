export { faultyOutcome } from "./answering.ts";
export { catalogue, type FaultKind, strikesWhere } from "./catalogue.ts";
export type { FaultEffect, FaultMatch, FaultPhase, FaultRule, Sight, Strike, WireFault } from "./contract.ts";
export { createFaultPlan, type FaultPlan, type PlannedFault, type StandingRules } from "./plan.ts";
export { parseFaultRules } from "./rule-file.ts";
