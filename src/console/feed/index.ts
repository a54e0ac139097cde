export type { Feed } from "./contract.ts";
export { createFeed } from "./operations-feed.ts";
