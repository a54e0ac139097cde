export { blockBytes, Blocks } from "./blocks.ts";
export { openDisk } from "./unit.ts";
