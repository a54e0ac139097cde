export { confirmKey, dialogOf, lossesLines, runningTasks, subjectOf } from "./dialogs.ts";
export { leastSize, screenLines } from "./screen-lines.ts";
