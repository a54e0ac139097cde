export type { CartridgeStore, ReadonlyBlockIndex, Run, TapeObject } from "./contract.ts";
export { createDiscardingStore, type Discarding, type DiscardingStore } from "./discarding-store.ts";
export { createFolderStore, openFolderStore } from "./folder-store.ts";
export { createMemoryStore } from "./memory-store.ts";
