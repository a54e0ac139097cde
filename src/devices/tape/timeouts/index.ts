export { becomingReadyMs, type OperationKind, timeoutMs } from "./defaults.ts";
export { learnLimits } from "./learning.ts";
export { chooseLimits, defaultLimits, type OperationLimits, type TimeoutSource } from "./limits.ts";
