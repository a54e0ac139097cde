export { Spool } from "./spool.ts";
