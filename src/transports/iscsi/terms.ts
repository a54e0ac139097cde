import { iscsi } from "../../scsi/index.ts";
import { breach, loginFailed } from "./failures.ts";
import type { DigestWish } from "./contract.ts";

/** What both sides agreed on at login. */
export interface SessionTerms {
  /** The largest data segment that the target takes. */
  readonly maxSendBytes: number;
  readonly maxBurstBytes: number;
  readonly firstBurstBytes: number;
  /** Whether data beyond the command's own segment wait for an R2T. */
  readonly initialR2t: boolean;
  readonly immediateData: boolean;
  readonly maxOutstandingR2t: number;
  readonly digests: iscsi.Digests;
}

/** The largest data segment that we take: a block of the largest usual size in one PDU. */
export const maxReceiveBytes = 1024 * 1024;

/** What we declare and offer (RFC 7143, 13). The order of the keys does not matter. */
export function offersOf(digests: DigestWish, isDiscovery: boolean): readonly iscsi.Pair[] {
  const digest = { off: "None", preferred: "CRC32C,None", required: "CRC32C" }[digests];
  const ofConnection: readonly iscsi.Pair[] = [
    ["HeaderDigest", digest],
    ["DataDigest", digest],
    ["MaxRecvDataSegmentLength", String(maxReceiveBytes)],
    ["DefaultTime2Wait", "2"],
    ["DefaultTime2Retain", "0"],
    ["ErrorRecoveryLevel", "0"],
  ];
  if (isDiscovery) return ofConnection;
  return [
    ...ofConnection,
    ["MaxConnections", "1"],
    ["InitialR2T", "No"],
    ["ImmediateData", "Yes"],
    ["MaxBurstLength", "16776192"],
    ["FirstBurstLength", "1048576"],
    ["MaxOutstandingR2T", "8"],
    ["DataPDUInOrder", "Yes"],
    ["DataSequenceInOrder", "Yes"],
  ];
}

/** The terms that follow from our offers and the answers to them. What was not answered stays as the standard has it. */
export function termsOf(offers: readonly iscsi.Pair[], answers: ReadonlyMap<string, string>): SessionTerms {
  const outcome = (key: string): string => {
    const offered = offers.find(([name]) => name === key)?.[1];
    const answered = answers.get(key);
    if (answered === undefined || iscsi.refusals.includes(answered)) return iscsi.initialValue(key) ?? "";
    // `None` is not among the offers where digests are required; what that means is said below.
    if (key.endsWith("Digest") && answered === "None") return answered;
    if (offered === undefined || key === "MaxRecvDataSegmentLength" || iscsi.isOutcome(key, offered, answered)) return answered;
    throw breach(`it answered ${key}=${answered.slice(0, 40)} to ${offered}`);
  };
  const count = (key: string): number => {
    const value = outcome(key);
    if (!iscsi.isWellFormed(key, value)) throw breach(`it declared ${key}=${value.slice(0, 40)}`);
    return iscsi.numericValue(value) ?? 0;
  };
  if (count("ErrorRecoveryLevel") !== 0) throw breach("it wants error recovery that was not offered");
  const digests = { header: outcome("HeaderDigest") === "CRC32C", data: outcome("DataDigest") === "CRC32C" };
  const isRequired = offers.some(([key, value]) => key === "HeaderDigest" && value === "CRC32C");
  if (isRequired && !(digests.header && digests.data)) {
    throw loginFailed("the target has no digests, which are required here", "turn digests on in the library, or do without them");
  }
  const maxBurstBytes = count("MaxBurstLength");
  return {
    maxSendBytes: count("MaxRecvDataSegmentLength"),
    maxBurstBytes,
    firstBurstBytes: Math.min(count("FirstBurstLength"), maxBurstBytes),
    initialR2t: outcome("InitialR2T") === "Yes",
    immediateData: outcome("ImmediateData") === "Yes",
    maxOutstandingR2t: count("MaxOutstandingR2T"),
    digests,
  };
}
