export type { Element, ElementKind, ElementReference, LibraryInventory, MediaChanger } from "./contract.ts";
export { type MediaChangerOptions, openMediaChanger } from "./scsi-media-changer.ts";
