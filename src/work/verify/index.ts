export { type Finding } from "./findings.ts";
export { type VerifyRequest, type VerifySummary, verifyVolume } from "./verify-volume.ts";
