export type { ArchiveRunParts, ProgressReport } from "./parts.ts";
export { type ArchiveRunOutcome, runArchive } from "./run.ts";
