export { openMediaChanger } from "./changer.ts";
export type { Element, ElementKind, ElementReference, LibraryInventory, MediaChanger } from "./contract.ts";
