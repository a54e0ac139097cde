export { beginsLikeEnvelope } from "./envelope.ts";
export type { NextBlock } from "./next-block.ts";
export { DriveEncryption } from "./drive-encryption.ts";
