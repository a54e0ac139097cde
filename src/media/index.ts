export { type FolderMediumOptions, openFolderMedium } from "./folder-medium.ts";
export { defaultTapeBlockBytes, openTapeMedium, type TapeMediumOptions } from "./tape-medium.ts";
