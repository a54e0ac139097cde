export type { ChangerCondition, ChangerCounters, ChangerShape, ElementKind, FirstAddresses, PickerState } from "./changer-contract.ts";
export {
  type CartridgeDamage, type DamagedStretch, isCartridgeDamage, stretchAt, undamaged, writtenOver,
} from "./cartridge-damage.ts";
export type {
  Cartridge, CartridgeCondition, CartridgeDescription, CartridgeFacts, CartridgeKind, DriveState, LibraryDescription, LibraryHome, LibraryState,
  MemoryAttribute, PlacedCartridge, Release,
} from "./contract.ts";
export { type Dirt, dirtLevels, dirtOf, type DriveCare, newDriveCare } from "./drive-care.ts";
export type { FaultShelf, ShelvedRule } from "./fault-shelf.ts";
export { describeCartridge, planLibrary } from "./description.ts";
export { createHomeFolder, openHomeFolder } from "./folder-home.ts";
export { createMemoryHome } from "./memory-home.ts";
export { noSuchCartridge } from "./failures.ts";
export { awaitsMeasuring, markMeasured } from "./measuring.ts";
export { type LayoutName, layouts } from "./layouts.ts";
export { type QuirkName, quirks } from "./quirks.ts";
export { type DriveAilment, driveAilments, type DriveCondition, type Reach, reachOf, type UnitCondition } from "./unit-condition.ts";
