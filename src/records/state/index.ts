export { type FileLock, lockFile, type LockHolder } from "./lock.ts";
export { adoptState, type Machine, refuseOtherMachine } from "./machine-mark.ts";
export { makeFolder } from "./make-folder.ts";
export { replaceFile, syncFolder } from "./replace-file.ts";
export { createState, openState, type StateFolder, type StateOptions } from "./state.ts";
