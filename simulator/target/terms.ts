import { iscsi } from "../../src/scsi/index.ts";

/** What a session runs by, once both sides have agreed (RFC 7143, 13). */
export interface SessionTerms {
  /** The largest data segment that the initiator takes. */
  readonly maxSendBytes: number;
  readonly maxBurstBytes: number;
  readonly firstBurstBytes: number;
  /** Whether data that do not come with the command wait for an R2T. */
  readonly initialR2t: boolean;
  readonly immediateData: boolean;
  readonly maxOutstandingR2t: number;
  readonly digests: iscsi.Digests;
}

/** The largest data segment that we take: a block of the largest usual size in one PDU. */
export const maxReceiveBytes = 1024 * 1024;
/** Until the login has ended, data segments have the size that holds for everybody (RFC 7143, 13.12). */
export const loginSegmentBytes = 8192;

/** Our own wishes. What is not here stays as the initiator has it, within what the key allows. */
const own: Readonly<Record<string, string>> = {
  MaxConnections: "1",
  InitialR2T: "No",
  ImmediateData: "Yes",
  MaxBurstLength: "16776192",
  FirstBurstLength: "1048576",
  MaxOutstandingR2T: "8",
  DataPDUInOrder: "Yes",
  DataSequenceInOrder: "Yes",
  ErrorRecoveryLevel: "0",
  DefaultTime2Wait: "2",
  DefaultTime2Retain: "0",
  iSCSIProtocolLevel: "1",
  TaskReporting: "RFC3720",
  MaxRecvDataSegmentLength: String(maxReceiveBytes),
};

/** RFC 7143, 13: keys that mean nothing where no data move. */
const ofNormalSessions: readonly string[] = [
  "MaxConnections", "InitialR2T", "ImmediateData", "MaxBurstLength", "FirstBurstLength", "MaxOutstandingR2T", "DataPDUInOrder", "DataSequenceInOrder", "TaskReporting",
];
/** What the initiator says of itself, without an answer. */
const declarations: readonly string[] = ["InitiatorName", "InitiatorAlias", "SessionType", "TargetName"];
/** What only a target may say, and what no login may ask. */
const notForInitiators: readonly string[] = ["TargetAlias", "TargetAddress", "TargetPortalGroupTag", "SendTargets"];

export type DigestPolicy = "off" | "as-asked" | "required";

/** RFC 7143, 6.2: one key may be spoken of once. */
export class Negotiation {
  readonly #isDiscovery: boolean;
  readonly #digests: DigestPolicy;
  readonly #outcomes = new Map<string, string>();
  readonly #seen = new Set<string>();
  #hasDeclared = false;

  constructor(isDiscovery: boolean, digests: DigestPolicy) {
    this.#isDiscovery = isDiscovery;
    this.#digests = digests;
  }

  /** Our answers to these keys, in their order; undefined when a key came before, which no negotiation allows. */
  answer(pairs: readonly iscsi.Pair[]): readonly iscsi.Pair[] | undefined {
    const answers: iscsi.Pair[] = [];
    for (const [key, value] of pairs) {
      if (this.#seen.has(key)) return undefined;
      this.#seen.add(key);
      if (declarations.includes(key)) continue;
      const answer = this.#answerTo(key, value);
      if (!iscsi.refusals.includes(answer)) this.#outcomes.set(key, key === "MaxRecvDataSegmentLength" ? value : answer);
      // Each side declares this one for itself, as is done below.
      if (key !== "MaxRecvDataSegmentLength" || answer === "Reject") answers.push([key, answer]);
    }
    return answers;
  }

  /** What we say unasked, once. */
  declaration(): readonly iscsi.Pair[] {
    if (this.#hasDeclared) return [];
    this.#hasDeclared = true;
    return [["MaxRecvDataSegmentLength", own["MaxRecvDataSegmentLength"]!]];
  }

  /** Undefined where digests are required and were not agreed. */
  terms(): SessionTerms | undefined {
    const count = (key: string): number => iscsi.numericValue(this.#outcome(key)) ?? 0;
    const digests = { header: this.#outcome("HeaderDigest") === "CRC32C", data: this.#outcome("DataDigest") === "CRC32C" };
    if (this.#digests === "required" && !this.#isDiscovery && !(digests.header && digests.data)) return undefined;
    const maxBurstBytes = count("MaxBurstLength");
    return {
      maxSendBytes: count("MaxRecvDataSegmentLength"),
      maxBurstBytes,
      firstBurstBytes: Math.min(count("FirstBurstLength"), maxBurstBytes),
      initialR2t: this.#outcome("InitialR2T") === "Yes",
      immediateData: this.#outcome("ImmediateData") === "Yes",
      maxOutstandingR2t: count("MaxOutstandingR2T"),
      digests,
    };
  }

  #answerTo(key: string, value: string): string {
    if (notForInitiators.includes(key)) return "Reject";
    if (iscsi.obsoleteKeys.includes(key)) return "Reject";
    if (iscsi.initialValue(key) === undefined) return "NotUnderstood";
    if (!iscsi.isWellFormed(key, value)) return "Reject";
    if (this.#isDiscovery && ofNormalSessions.includes(key)) return "Irrelevant";
    if (key === "FirstBurstLength" && this.#outcome("InitialR2T") === "Yes" && this.#outcome("ImmediateData") === "No") return "Irrelevant";
    return iscsi.answerTo(key, value, key.endsWith("Digest") ? this.#ownDigest() : (own[key] ?? value));
  }

  #ownDigest(): string {
    const required = this.#isDiscovery ? "CRC32C,None" : "CRC32C";
    return { off: "None", "as-asked": "CRC32C,None", required }[this.#digests];
  }

  #outcome(key: string): string {
    return this.#outcomes.get(key) ?? iscsi.initialValue(key) ?? "";
  }
}
