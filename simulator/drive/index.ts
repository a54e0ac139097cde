export { DriveClockwork } from "./clockwork.ts";
export { openDriveUnit } from "./unit.ts";
