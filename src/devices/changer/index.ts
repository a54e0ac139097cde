export type { ChangerCondition, Element, ElementKind, ElementReference, LibraryInventory, MediaChanger } from "./contract.ts";
export { type MediaChangerOptions, openAskedMediaChanger, openMediaChanger } from "./scsi-media-changer.ts";
export { type Quirk, quirks } from "./quirks.ts";
