export { fetchSegment, type FetchRequest } from "./fetch.ts";
export { orderCopies, type OrderRequest } from "./order.ts";
export { copyKey, planRecall, type RecallPlan, type VolumeVisit } from "./plan.ts";
export { type SelectedEntry, Selection, type SelectionRequest } from "./selection.ts";
