export { DriveProtection, protectionMethods } from "./drive-protection.ts";
