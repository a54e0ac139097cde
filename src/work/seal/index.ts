export { extentsBetween } from "./content.ts";
export { SealCrew } from "./crew.ts";
export { readFacts, removeFacts } from "./outcome.ts";
export { sealSegment } from "./segment.ts";
export type { LineOutcome, SealTask, SegmentOutcome } from "./task.ts";
