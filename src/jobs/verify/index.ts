export { type CheckRequest, type CheckSummary, checkVolume } from "./check.ts";
export type { ReadableVolume, ReadMethod, VerifyMethod, VerifyParts } from "./parts.ts";
export { runVerify, type VerifyJobOutcome, type VerifyJobRequest } from "./run.ts";
export { sampleOf } from "./sample.ts";
