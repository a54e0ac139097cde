export { openOperations } from "./open-operations.ts";
