export { buildLine } from "./build.ts";
export { type LineEnd, type LineMode, type LineParts, openPseudoTerminal, type PseudoTerminal } from "./open.ts";
export { type Marked, type SeenTerminal, watch } from "./seen.ts";
