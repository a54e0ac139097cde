export { RobotFailure, type Scenario, type Step } from "./contract.ts";
export { type ConsoleKind, consoleKinds, type Performance, play, storyOf } from "./play.ts";
export { exchangeByScanning } from "./scenarios/exchange.ts";
export { scenarios } from "./scenarios/index.ts";
