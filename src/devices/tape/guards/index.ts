export { type DriveEncryption, type EncryptionSettings, readEncryption } from "./encryption.ts";
