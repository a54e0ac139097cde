/** An iSCSI target in front of virtual libraries. */
export { type ChapAccount, defaultLimits, type RunningTarget, type ServedLibrary, type ServeOptions, type TargetLimits } from "./contract.ts";
export { defaultTarget, serveLibraries, serveLibrary } from "./serve.ts";
