export { type EventListener, type JobOutcome, type JobParts, runJob, type RunningJob } from "./runner.ts";
