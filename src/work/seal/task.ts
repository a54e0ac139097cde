import type { BulkCipher } from "../../formats/message/index.ts";
import type { EntryCondition } from "../../records/index.ts";
import type { SegmentCut } from "../plan/index.ts";

/** Everything a worker needs to make one segment. It travels by structured clone; the session key's buffer is transferred. */
export interface SealTask {
  readonly planPath: string;
  readonly cut: SegmentCut;
  /** The snapshot's last segment: it ends with the end-of-archive blocks. */
  readonly last: boolean;
  readonly cipher: BulkCipher;
  readonly compression: "auto" | "off";
  readonly sessionKeyPackets: Uint8Array;
  /** 32 bytes; zeroed by the worker. */
  readonly sessionKey: Uint8Array;
  /** Where the segment appears, whole, once it is on the disk. Its facts appear beside it just before. */
  readonly spoolPath: string;
}

/** What came of one plan line in one segment. */
export interface LineOutcome {
  readonly condition: EntryCondition;
  /** SHA-256 of the piece of content in this segment; undefined where there is none. */
  readonly sha256: Uint8Array | undefined;
}

/** What is known of a sealed segment beside its bytes. */
export interface SegmentOutcome {
  readonly sealedBytes: number;
  readonly sealedSha256: string;
  readonly tarBytes: number;
  readonly firstMemberOffset: number;
  /** One for each plan line of the cut, in order. */
  readonly lines: readonly LineOutcome[];
}
