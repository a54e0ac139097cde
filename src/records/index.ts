export * from "./catalog/index.ts";
export * from "./config/index.ts";
export * from "./inventory/index.ts";
export * from "./journal/index.ts";
export * from "./keys/index.ts";
export * from "./state/index.ts";
export * from "./store/index.ts";
export * from "./upkeep/index.ts";
