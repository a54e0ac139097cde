export { fetchSegment, type FetchRequest } from "./fetch.ts";
export { copyKey, planRecall, type RecallPlan, type VolumeVisit } from "./plan.ts";
