export { type Certificate, readCertificate, requireEncryption } from "./certificate.ts";
export { clearSign, type VerifiedText, verifyClearSigned } from "./clear-sign.ts";
export type { BulkCipher, SealedMessage, SealingParameters, SegmentOpener, SegmentSealer } from "./contract.ts";
export { generateKey, lockKey, type NewKey, type UnlockedKey, unlockedText, unlockKey } from "./keys.ts";
export { createSegmentOpener } from "./opener.ts";
export { createSegmentSealer } from "./sealer.ts";
export { makeSessionKeyPackets, readSessionKey } from "./session-key.ts";
