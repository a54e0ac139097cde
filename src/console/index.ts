export type { CommandListener, CommandRunner, ConsoleParts } from "./contract.ts";
export { createFeed, type Feed } from "./feed/index.ts";
export { look, type LookName, lookNames, lookOf } from "./picture/index.ts";
export { type LineReader, runPlainConsole } from "./plain/index.ts";
export { runConsole } from "./run.ts";
export { type OpenScannerPort, type ScannerListener, type ScannerWatch, watchScanners } from "./scanners/index.ts";
export { openScreen } from "./screen/index.ts";
export { type Tongue, tongueOf, tongues } from "./tongue/index.ts";
