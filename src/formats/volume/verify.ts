import type { Seal } from "./seal.ts";

/** An object by its size and digest: what a seal or a manifest promises, or what was read. */
export interface ObjectDigest {
  readonly sizeBytes: number;
  readonly sha256: string;
}

export type ObjectVerdict =
  | { readonly kind: "intact" }
  /** `short`: the object ends early; `long`: it goes on; `different`: the size is right, the bytes are not. */
  | { readonly kind: "damaged"; readonly how: "short" | "long" | "different" };

/** What a segment must be, by its seal. */
export function digestOfSeal(seal: Seal): ObjectDigest {
  return { sizeBytes: seal.sealedBytes, sha256: seal.sealedSha256 };
}

export function verifyObject(promised: ObjectDigest, found: ObjectDigest): ObjectVerdict {
  if (found.sizeBytes < promised.sizeBytes) return { kind: "damaged", how: "short" };
  if (found.sizeBytes > promised.sizeBytes) return { kind: "damaged", how: "long" };
  return found.sha256 === promised.sha256 ? { kind: "intact" } : { kind: "damaged", how: "different" };
}

/** What is wrong with the seals of one snapshot, apart from the segments themselves. Empty lists: the snapshot is whole. */
export interface SnapshotVerdict {
  readonly missingSegments: readonly number[];
  /** Segments whose seal does not follow the seal before it, in the chain or in the tar stream. */
  readonly brokenAt: readonly number[];
}

/** A seal whose signature was checked, with the digest of its object. */
export interface CheckedSeal {
  readonly seal: Seal;
  readonly sealSha256: string;
}

/** Checks the seals of one snapshot against each other; any order, any number of copies. */
export function verifySnapshot(checked: readonly CheckedSeal[]): SnapshotVerdict {
  const bySegment = new Map(checked.map((one) => [one.seal.segment, one]));
  const missingSegments: number[] = [];
  const brokenAt: number[] = [];
  let before: CheckedSeal | undefined;
  const segments = checked.reduce((most, { seal }) => Math.max(most, seal.segments), 0);
  for (let segment = 1; segment <= segments; segment += 1) {
    const here = bySegment.get(segment);
    if (!here) missingSegments.push(segment);
    else if (before ? !follows(here.seal, before) : segment === 1 && here.seal.tarOffsetBytes !== 0) brokenAt.push(segment);
    before = here;
  }
  return { missingSegments, brokenAt };
}

function follows(seal: Seal, before: CheckedSeal): boolean {
  return seal.previousSealSha256 === before.sealSha256
    && seal.tarOffsetBytes === before.seal.tarOffsetBytes + before.seal.tarBytes
    && seal.archiveUuid === before.seal.archiveUuid
    && seal.snapshot === before.seal.snapshot
    && seal.segments === before.seal.segments;
}
