/**
 * The largest sizes that a reader accepts from a medium, version 1 of the format (docs/FORMAT.md, "Limits"). What is larger is
 * not ours or is hostile; either way it is refused before it takes memory.
 */
export const maxBootstrapBytes = 64 * 1024 * 1024;
export const maxSealBytes = 64 * 1024;
export const maxManifestBytes = 64 * 1024 * 1024;
export const maxDescriptionBytes = 1024 * 1024;
export const maxTextLineBytes = 1024 * 1024;
/** One member of a plain tar: what eleven octal digits can say (POSIX ustar), so that no extension is ever needed. */
export const maxMemberBytes = 8 * 1024 ** 3 - 1;
export const maxTrailerMembers = 10_000;
/** Objects are numbered with six digits. */
export const maxObjects = 1_000_000;
