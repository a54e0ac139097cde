export { cleaned, cleaningMs, cleaningsOf, countCleaning, mostCleanings } from "./cleaning.ts";
export { DriveLife, meterOf } from "./drive-life.ts";
export { type Direction, type ErrorCount, ErrorCounts, type ErrorRecord } from "./error-counts.ts";
export { firstLoadMs } from "./first-load.ts";
export { Head } from "./head.ts";
