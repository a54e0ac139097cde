export type { DriveIdentity, LoadedMedium, ReadResult, SenseOf, TapeDrive, TapePosition, WriteResult } from "./contract.ts";
export { openTapeDrive, type TapeDriveOptions } from "./scsi-tape-drive.ts";
export { senseOf } from "../../scsi/index.ts";
