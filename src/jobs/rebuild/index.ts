export { forgetFindings, type RebuildOutcome, type RebuildParts, runRebuild, type VolumePlaceFound } from "./run.ts";
