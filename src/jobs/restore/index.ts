export { type RestoreOutcome, type RestoreParts, runRestore } from "./run.ts";
