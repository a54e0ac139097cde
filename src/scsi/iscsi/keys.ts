/**
 * The keys of RFC 7143, 13, as data: what they are when nobody speaks of them, and by which rule two sides agree.
 *
 * - `list` the first value of the originator that the responder also has
 * - `or`, `and` of two booleans
 * - `min`, `max` of two numbers
 * - `number`, `text` each side declares its own
 */
export type KeyRule =
  | { readonly rule: "list"; readonly initial: string }
  | { readonly rule: "or" | "and"; readonly initial: "Yes" | "No" }
  | { readonly rule: "min" | "max" | "number"; readonly initial: string; readonly from: number; readonly to: number }
  | { readonly rule: "text" };

const list = (initial: string): KeyRule => ({ rule: "list", initial });
const numeric = (rule: "min" | "max" | "number", initial: number, from: number, to: number): KeyRule => ({ rule, initial: String(initial), from, to });
const text: KeyRule = { rule: "text" };
const largest24 = 0xff_ffff;

export const keys: Readonly<Partial<Record<string, KeyRule>>> = {
  HeaderDigest: list("None"),
  DataDigest: list("None"),
  AuthMethod: list("None"),
  TaskReporting: list("RFC3720"),
  InitialR2T: { rule: "or", initial: "Yes" },
  ImmediateData: { rule: "and", initial: "Yes" },
  DataPDUInOrder: { rule: "or", initial: "Yes" },
  DataSequenceInOrder: { rule: "or", initial: "Yes" },
  MaxConnections: numeric("min", 1, 1, 0xffff),
  MaxBurstLength: numeric("min", 262_144, 512, largest24),
  FirstBurstLength: numeric("min", 65_536, 512, largest24),
  MaxOutstandingR2T: numeric("min", 1, 1, 0xffff),
  ErrorRecoveryLevel: numeric("min", 0, 0, 2),
  DefaultTime2Retain: numeric("min", 20, 0, 3600),
  iSCSIProtocolLevel: numeric("min", 1, 0, 31),
  DefaultTime2Wait: numeric("max", 2, 0, 3600),
  MaxRecvDataSegmentLength: numeric("number", 8192, 512, largest24),
  TargetPortalGroupTag: { rule: "number", initial: "0", from: 0, to: 0xffff },
  SessionType: text,
  InitiatorName: text,
  InitiatorAlias: text,
  TargetName: text,
  TargetAlias: text,
  TargetAddress: text,
  SendTargets: text,
};

/** Values that stand for a missing answer (RFC 7143, 6.2). */
export const refusals: readonly string[] = ["Reject", "NotUnderstood", "Irrelevant"];
/** Keys of RFC 3720 that a responder refuses (RFC 7143, 13.25). */
export const obsoleteKeys: readonly string[] = ["IFMarker", "OFMarker", "IFMarkInt", "OFMarkInt"];
