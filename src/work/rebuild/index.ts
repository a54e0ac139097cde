export { type CatalogFilling, fillArchive } from "./fill-catalog.ts";
export { fillInventory, type FoundVolume } from "./fill-inventory.ts";
export { gatherKnowledge, type KnownArchive, newestRecords } from "./knowledge.ts";
export { readSealedLines } from "./sealed-lines.ts";
export { type SurveyedVolume, surveyVolume } from "./survey.ts";
export { gatherJobs } from "./jobs.ts";
export { gatherLeftOut } from "./left-out.ts";
