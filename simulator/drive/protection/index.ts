export { DriveProtection, protectionMethodsOf } from "./drive-protection.ts";
export { reedSolomonCrc } from "./reed-solomon.ts";
