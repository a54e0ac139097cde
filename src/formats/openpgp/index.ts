export { type Certificate, readCertificate, requireEncryption } from "./certificate.ts";
export { clearSign, type VerifiedText, verifyClearSigned } from "./clear-sign.ts";
export { generateKey, lockKey, type NewKey, type UnlockedKey, unlockedText, unlockKey } from "./keys.ts";
export { makeSessionKeyPackets, readSessionKey } from "./session-key.ts";
