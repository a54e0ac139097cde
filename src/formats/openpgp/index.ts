export type { BulkCipher, SealedMessage, SealingParameters, SegmentOpener, SegmentSealer } from "./contract.ts";
export { createSegmentOpener } from "./opener.ts";
export { createSegmentSealer } from "./sealer.ts";
