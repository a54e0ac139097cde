export type {
  Cartridge, CartridgeDescription, CartridgeFacts, CartridgeKind, DriveState, LibraryDescription, LibraryHome, LibraryState,
  MemoryAttribute, PlacedCartridge, Release,
} from "./contract.ts";
export { describeCartridge, planLibrary } from "./description.ts";
export { createHomeFolder, openHomeFolder } from "./folder-home.ts";
export { createMemoryHome } from "./memory-home.ts";
export { noSuchCartridge } from "./failures.ts";
