export { openScreen, type ScreenParts } from "./blessed-screen.ts";
export type { Screen, ScreenListener } from "./contract.ts";
