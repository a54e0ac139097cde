/** iSCSI (RFC 7143) as bytes and rules, for the side that asks and the side that answers. No sockets, no time. */
export * from "./chap.ts";
export { digestOf } from "./crc32c.ts";
export { build, type Field, headerBytes, type Layout, parse, type Values } from "./fields.ts";
export { type Digests, frame, maxAdditionalBytes, maxDataSegmentBytes, noDigests, paddingBytes } from "./frame.ts";
export { keys, type KeyRule, obsoleteKeys, refusals } from "./keys.ts";
export * as layout from "./layouts.ts";
export type {
  AsyncMessage, DataIn, DataOut, LoginRequest, LoginResponse, NopIn, ReadyToTransfer, ScsiCommandRequest, ScsiResponse, TaskManagement,
} from "./layouts.ts";
export { decodeLun, encodeLun, largestLun, parseReportedLuns } from "./lun.ts";
export { defaultPort, formatPortal, isIscsiName, parsePortal, type Portal } from "./names.ts";
export * from "./negotiation.ts";
export * from "./opcodes.ts";
export { type Pdu, PduReader, type PduSink } from "./pdu-reader.ts";
export { responseSegment, senseInResponse } from "./sense-segment.ts";
export { isBefore, next } from "./serial-number.ts";
export { decodeBinary, decodeText, encodeBinary, encodeText, type Pair, TextGatherer } from "./text.ts";
