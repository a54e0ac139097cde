export { type MendOutcome, type MendParts, runMend } from "./run.ts";
