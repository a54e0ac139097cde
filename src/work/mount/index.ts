export { identify, type Identity } from "./identify.ts";
export type { ApplianceIdentity } from "./identity.ts";
export { isAsGoodAsBlank, type LabelParts, type LabelRequest, labelVolume, volumeFactsOf, wordsFor } from "./label.ts";
export { type LibraryAccess, type LoadedCartridge, TapeLibrary } from "./library.ts";
export { elementWords, isCleaning, type MountedMedium, type MountParts, Mounts, type OpenedVolume } from "./mounts.ts";
