export type { FileWriter, TargetNotice, TargetOptions, TargetSummary, TreeWriter } from "./contract.ts";
export { openTarget } from "./writer.ts";
