export { type ArchiveRunOutcome, type ArchiveRunParts, runArchive } from "./archive-run/index.ts";
export { type DuplicateOutcome, type DuplicateParts, nothingOn, runDuplicate, wantedOf } from "./duplicate/index.ts";
export { type MendOutcome, type MendParts, runMend } from "./mend/index.ts";
export { forgetFindings, type RebuildOutcome, type RebuildParts, runRebuild, type VolumePlaceFound } from "./rebuild/index.ts";
export { type RestoreOutcome, type RestoreParts, runRestore } from "./restore/index.ts";
export { type EventListener, type JobKind, type JobOutcome, type JobParts, runJob, type RunningJob } from "./runner.ts";
export { type OperatorRequest, OperatorRequests, type RequestParts } from "./waiting.ts";
export {
  type CheckRequest, type CheckSummary, checkVolume, type ReadableVolume, runVerify, sampleOf, type VerifyJobOutcome, type VerifyJobRequest, type VerifyMethod,
  type VerifyParts,
} from "./verify/index.ts";
