export { asciiField, be16, be24, be32, be64, beNumber, putAscii, putNumber } from "./bytes.ts";
export * from "./cdbs.ts";
export * from "./changer-cdbs.ts";
export { opcode } from "./opcodes.ts";
export { buildSense, parseSense, type Sense, senseCode, senseKey } from "./sense.ts";
export * from "./tape-cdbs.ts";
export { type ScsiCommand, type ScsiCompletion, status, type Transport } from "./transport.ts";
