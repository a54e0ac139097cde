export { aclAccessAttribute, aclDefaultAttribute, aclFromText, aclToText, type AccountIds } from "./acl.ts";
export { blockBytes, endOfArchive, paddingBytes } from "./block.ts";
export { encodeHeader, headerBytesAtMost, storedSizeBytes } from "./encode.ts";
export type { DataExtent, DumpdirName, EntryType, ExtendedAttribute, TarEntry } from "./entry.ts";
export { type TarEnding, type TarHandler, TarReader, type TarReaderOptions } from "./reader.ts";
