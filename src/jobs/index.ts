export { type ArchiveRunOutcome, type ArchiveRunParts, runArchive } from "./archive-run/index.ts";
export { type RebuildOutcome, type RebuildParts, runRebuild, type VolumePlaceFound } from "./rebuild/index.ts";
export { type RestoreOutcome, type RestoreParts, runRestore } from "./restore/index.ts";
export { type EventListener, type JobOutcome, type JobParts, runJob, type RunningJob } from "./runner.ts";
export { type OperatorRequest, OperatorRequests, type RequestParts } from "./waiting.ts";
