export {
  type BreakingHands, breakingHands, type CartridgePart, cartridgeParts, isCartridgePart, isDriveAilment, type Spot, type SpotPlace,
} from "./breaking.ts";
export { type KnownState, stateCatalogue } from "./catalogue.ts";
export { type Door, mustBeFree, type OpeningHands, openingHands } from "./opening.ts";
export { refusal } from "./refusal.ts";
export { type SoilingHands, soilingHands } from "./soiling.ts";
export { type Switched, type SwitchingHands, switchingHands } from "./switching.ts";
