export { confirmKey, lossesLines, runningTasks, subjectOf } from "./dialogs.ts";
export { leastSize, screenLines } from "./screen-lines.ts";
