import type { LibraryDescription, VirtualLibrary } from "../../../simulator/index.ts";
import { folderLibrary, memoryLibrary, temporaryFolder } from "../initiator.ts";

/** Both places where libraries are kept: what is broken lasts in each. */
export const homes: readonly (readonly [name: string, make: (description?: LibraryDescription) => Promise<VirtualLibrary>])[] = [
  ["in memory", (description) => memoryLibrary(description)],
  ["in a folder", (description) => folderLibrary(temporaryFolder(), description)],
];

export const barcode = "SR0001L8";
