export { openOperations } from "./open-operations.ts";
export { simulatorTools } from "./simulator-tools.ts";
