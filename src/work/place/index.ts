export { isInReach, labelScratch, nextVolume, type PoolFacts, reopenVolume, scratchCartridges, type TellQuarantine, unclosedVolume } from "./choice.ts";
export { PoolWriter, type PoolWriterParts } from "./pool-writer.ts";
export { jobLines } from "./job-lines.ts";
export { recordsLines } from "./records-lines.ts";
export { isVolumeAside, isVolumeAtFault, type RecoveryRule, recoveryRules, type RecoveryStep, type Remedy, volumesFailedAtMost } from "./recovery.ts";
export { streamOfFile } from "./sources.ts";
export { type Appended, VolumeWriter } from "./volume-writer.ts";
export { TrailerMaker, type TrailerMakerParts } from "./trailer.ts";
export { sealLines, type SmallSealing } from "./session-catalog.ts";
