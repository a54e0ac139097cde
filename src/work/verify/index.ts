export { type Finding } from "./findings.ts";
export { readThrough, type ReadThroughRequest } from "./read-through.ts";
export { type VerifyRequest, type VerifySummary, verifyVolume } from "./verify-volume.ts";
