/** A tape library that is not there: a changer, drives and cartridges that answer SCSI commands as real ones do. */
export { catalogue as faultCatalogue, type FaultEffect, type FaultKind, type FaultRule, parseFaultRules, type Strike } from "./faults/index.ts";
export {
  cartridgeParts, type CartridgePart, type Door, isCartridgePart, isDriveAilment, type KnownState, type Spot, type SpotPlace, stateCatalogue, type Switched,
} from "./hands/index.ts";
export { driveAilments, type LayoutName, layouts, type QuirkName, quirks } from "./home/index.ts";
export type { CartridgeDamage, Dirt, DriveAilment, DriveCondition, UnitCondition } from "./home/index.ts";
export type { CartridgeDescription, CartridgeFacts, CartridgeKind, LibraryDescription } from "./home/index.ts";
export {
  createLibrary, createMemoryLibrary, dumpCartridge, flipBit, type LibraryOptions, type LibraryTiming, type MemoryLibraryOptions, openLibrary, tapeFileDigests,
  type VirtualLibrary,
} from "./library.ts";
export type { CartridgeListing, CartridgePlace, OperatorHands } from "./operator.ts";
export { driveForSuffix, meaningOfLabel, type ToldModel, toldModels } from "./models/index.ts";
export type { Delivery, LibraryPort, Nexus, ResetScope } from "./port/index.ts";
export { type Content, contents, createDiscardingStore, type Discarding, type DiscardingStore } from "./storage/index.ts";
export {
  activities, type Activity, type Comparison, comparePublished, type DriveTimes, letters, type MachineTime, noTime, realTime, type TimeFigures, timeFigures,
  type Timeline, VirtualTime,
} from "./time/index.ts";
export type { FaultHands, RecordedStrike, StandingFault } from "./standing-faults.ts";
export { encodeSense, type SenseFields, senses } from "./wire/index.ts";
export { type ChapAccount, defaultTarget, type RunningTarget, serveLibraries, serveLibrary, type ServedLibrary, type ServeOptions } from "./target/index.ts";
