export { openDriveUnit } from "./unit.ts";
