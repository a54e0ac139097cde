export type { ArchiveRunParts } from "./parts.ts";
export { type ArchiveRunOutcome, runArchive } from "./run.ts";
