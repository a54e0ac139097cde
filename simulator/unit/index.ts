export { Attentions } from "./attentions.ts";
export { inquiry, type UnitIdentity } from "./inquiry.ts";
export { type LogPages, type LogParameter, logSense } from "./log.ts";
export { type ModePage, type ModeParameters, modeSense, type ModeSelection, parseModeSelect } from "./mode.ts";
export { type KnownCommand, reportSupportedOpcodes } from "./opcodes.ts";
export { reportLuns, requestSense } from "./request-sense.ts";
