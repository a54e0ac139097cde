export type { Input } from "./keys.ts";
export { type Filtered, WedgeFilter, wedgeLimits } from "./wedge.ts";
