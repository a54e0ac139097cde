export type { CommandTimeouts, DriveModel, MediaModel } from "./contract.ts";
export { accessTo, driveModel, driveModels, usualDriveModel } from "./drives.ts";
export { type LabelMeaning, meaningOfLabel, mediaModel, mediaModels } from "./media.ts";
export { driveForSuffix, type ToldModel, toldModels } from "./told.ts";
