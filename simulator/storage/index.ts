export type { CartridgeStore, ReadonlyBlockIndex, Run, TapeObject } from "./contract.ts";
export { createDiscardingStore, type Discarding, type DiscardingStore } from "./discarding-store.ts";
export { createFolderStore } from "./folder-store.ts";
export { openFolderTape } from "./folder-tape.ts";
export { createMemoryStore } from "./memory-store.ts";
export { createMemoryTape, isLayoutOf, maxPartitions, type PartitionPlace, type Tape, type TapeLayout, usedBytes, wholeTape } from "./tape.ts";
export { type Content, contents, isContent } from "./kept-content.ts";
