export { changeablePartitionPage, partitionPage, readPartitionPage } from "./page.ts";
export { layoutOf, type PartitionPlan, partitionsOf, proportionBytes, wholePlan, type WrapCount } from "./plan.ts";
