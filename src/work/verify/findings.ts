import type { Severity } from "../../words/index.ts";

/** One thing that is not as it should be on a volume, in words for whoever stands before it. */
export interface Finding {
  readonly severity: Severity;
  readonly code: string;
  readonly barcode: string;
  readonly object: number;
  readonly role: string;
  readonly text: string;
  readonly hint: string;
}

export type FindingCode =
  | "BOOTSTRAP_DAMAGED"
  | "SEGMENT_DAMAGED"
  | "SEAL_DAMAGED"
  | "TRAILER_DAMAGED"
  | "OBJECT_MISSING"
  | "OBJECT_UNKNOWN"
  | "SIGNER_NOT_KNOWN"
  | "VOLUME_DIFFERS"
  | "OBJECT_UNREADABLE"
  | "OBJECT_DOUBTFUL"
  | "SESSION_OPEN";

const advice: Readonly<Record<FindingCode, string>> = {
  BOOTSTRAP_DAMAGED: "the segments are not concerned; strangers find the same texts in the trailer and on other volumes",
  SEGMENT_DAMAGED: "restores use another copy from now on; a new one is made of a good one by itself, or later by: strongroom archive mend NAME",
  SEAL_DAMAGED: "the segment itself may be whole: its other copies have the same seal",
  TRAILER_DAMAGED: "the seals alone are enough to restore by; the next session writes a complete trailer",
  OBJECT_MISSING: "restore from the other copies; do not write on this cartridge until it is clear why",
  OBJECT_UNKNOWN: "find out who wrote on this cartridge before anything else is written on it",
  SIGNER_NOT_KNOWN: "compare the fingerprint with one that you have from its owner",
  VOLUME_DIFFERS: "look whether a label was put on another cartridge; write nothing on it until that is clear",
  OBJECT_UNREADABLE: "clean the drive and verify again in another one; restore from the other copies meanwhile",
  OBJECT_DOUBTFUL: "it is read and compared now, which tells whether anything is wrong with it",
  SESSION_OPEN: "the last session was cut off; the next run of its archive closes it",
};

export function finding(
  severity: Severity,
  code: FindingCode,
  where: { readonly barcode: string; readonly object: number; readonly role: string },
  what: string,
): Finding {
  const text = `cartridge ${where.barcode}, object ${String(where.object)} (${where.role}): ${what}`;
  return { severity, code, ...where, text, hint: advice[code] };
}
