export type { OpenProblem, OpenTarget, SegmentOpened, SegmentTask, TargetFinished, WantedEntry } from "./task.ts";
export { OpenThread } from "./thread.ts";
export { Unpacker } from "./unpacker.ts";
