/** A tape library that is not there: a changer, drives and cartridges that answer SCSI commands as real ones do. */
export type { Fault } from "./faults.ts";
export type { CartridgeDescription, CartridgeFacts, CartridgeKind, LibraryDescription } from "./home/index.ts";
export { createLibrary, createMemoryLibrary, dumpCartridge, flipBit, openLibrary, type VirtualLibrary } from "./library.ts";
export type { CartridgeListing, CartridgePlace, OperatorHands } from "./operator.ts";
export type { Delivery, LibraryPort, Nexus, ResetScope } from "./port/index.ts";
export type { SenseFields } from "./wire/index.ts";
