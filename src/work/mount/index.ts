export { type CleaningNews, type CleaningReport, DriveCleaner, noCleaningCartridge } from "./cleaning.ts";
export type { CleaningStage } from "./cleaning-run.ts";
export { identify, type Identity } from "./identify.ts";
export type { ApplianceIdentity } from "./identity.ts";
export { isAsGoodAsBlank, type LabelParts, type LabelRequest, labelVolume, volumeFactsOf, wordsFor } from "./label.ts";
export { cartridgeIn, duplicatesIn } from "./labels.ts";
export { type LibraryAccess, type LibraryCare, type LoadedCartridge, TapeLibrary } from "./library.ts";
export { elementWords, type MountedMedium, type MountParts, Mounts, type OpenedVolume } from "./mounts.ts";
