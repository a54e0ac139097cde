export { DriveAccessOrder, type TapeMap } from "./drive-access-order.ts";
