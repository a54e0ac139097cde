export type { DriveIdentity, LoadedMedium, ReadResult, SenseOf, TapeDrive, TapePosition, WriteResult } from "./contract.ts";
export { type ByteRange, estimatedOrder, estimatedWindingMs, geometryOfDensity, type TapeGeometry, type TapeRange } from "./access-order/index.ts";
export type { BlockProtection, DriveEncryption, EncryptionSettings } from "./guards/index.ts";
export { reservationKey, type ReservationOwner, type ReservationState } from "./reservation/index.ts";
export { openReservedTapeDrive, openTapeDrive, type TapeDriveOptions } from "./scsi-tape-drive.ts";
export type { TimeoutSource } from "./timeouts/index.ts";
export { senseOf } from "../../scsi/index.ts";
export type { CartridgeCondition, CleaningNeed, DriveCondition, DriveHealth, ErrorRate, HealthFinding, HealthOptions } from "./health-contract.ts";
export { cleaningNeed, findingsOf } from "./health-findings.ts";
