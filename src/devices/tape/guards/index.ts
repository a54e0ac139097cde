export { type BlockProtection, ProtectionSetting } from "./protection.ts";
export { type DriveEncryption, type EncryptionSettings, readEncryption } from "./encryption.ts";
