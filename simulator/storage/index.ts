export type { CartridgeStore, ReadonlyBlockIndex, Run, TapeObject } from "./contract.ts";
export { createFolderStore, openFolderStore } from "./folder-store.ts";
export { createMemoryStore } from "./memory-store.ts";
