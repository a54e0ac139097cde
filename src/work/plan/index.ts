export { Comparison } from "./comparison.ts";
export { type CutLine, type SegmentCut, SegmentCutter } from "./cutter.ts";
export { PlanWriter, readPlanLines, readPlanRoots } from "./file.ts";
export type { PlanLine } from "./line.ts";
export { makePlan, type NoticeListener, type Plan, type PlanRequest, type PlanSource, type PlanSummary, type WalkedEntry, type WalkedName } from "./planner.ts";
