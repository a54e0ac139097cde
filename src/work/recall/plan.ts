import type { CopyRecord, Inventory, VolumeRecord } from "../../records/index.ts";

/** One visit to a volume: which of its segments to read, in the order of the tape. */
export interface VolumeVisit {
  readonly volume: VolumeRecord;
  readonly inReach: boolean;
  readonly copies: readonly CopyRecord[];
}

export interface RecallPlan {
  readonly visits: readonly VolumeVisit[];
  /** Segments that have no copy which could be good. */
  readonly lostSegmentIds: readonly number[];
}

interface Candidate {
  readonly volume: VolumeRecord;
  readonly inReach: boolean;
  readonly copies: Map<number, CopyRecord>;
}

/**
 * The fewest visits that bring all wanted segments: volumes in reach before volumes on a shelf, then whichever has most of what is still
 * wanted (a set cover by greed, which is at most ln n from the best), verified copies before merely written ones. Bad copies are not considered,
 * nor those in `avoid` (`segmentId:volumeUuid`), which a reader just found unreadable.
 */
export function planRecall(
  inventory: Inventory,
  segmentIds: Iterable<number>,
  inReach: (volume: VolumeRecord) => boolean,
  avoid: ReadonlySet<string> = new Set(),
): RecallPlan {
  const wanted = new Set(segmentIds);
  const candidates = candidatesFor(inventory, wanted, inReach, avoid);
  const visits: VolumeVisit[] = [];
  while (wanted.size > 0) {
    const best = bestOf(candidates, wanted);
    if (!best) break;
    const copies = [...best.copies.values()].filter(({ segmentId }) => wanted.delete(segmentId));
    copies.sort((a, b) => a.objectNumber - b.objectNumber);
    visits.push({ volume: best.volume, inReach: best.inReach, copies });
  }
  return { visits, lostSegmentIds: [...wanted] };
}

export function copyKey(copy: Pick<CopyRecord, "segmentId" | "volumeUuid">): string {
  return `${String(copy.segmentId)}:${copy.volumeUuid}`;
}

function candidatesFor(
  inventory: Inventory,
  wanted: ReadonlySet<number>,
  inReach: (volume: VolumeRecord) => boolean,
  avoid: ReadonlySet<string>,
): Candidate[] {
  const byVolume = new Map<string, Candidate>();
  for (const segmentId of wanted) {
    for (const copy of inventory.copiesOfSegment(segmentId)) {
      if (copy.state === "bad" || avoid.has(copyKey(copy))) continue;
      let candidate = byVolume.get(copy.volumeUuid);
      if (!candidate) {
        const volume = inventory.volume(copy.volumeUuid);
        if (!volume || volume.state === "retired") continue;
        candidate = { volume, inReach: inReach(volume), copies: new Map() };
        byVolume.set(copy.volumeUuid, candidate);
      }
      candidate.copies.set(segmentId, copy);
    }
  }
  return [...byVolume.values()];
}

function bestOf(candidates: readonly Candidate[], wanted: ReadonlySet<number>): Candidate | undefined {
  let best: { readonly candidate: Candidate; readonly rank: readonly number[] } | undefined;
  for (const candidate of candidates) {
    let covered = 0;
    let verified = 0;
    for (const [segmentId, copy] of candidate.copies) {
      if (!wanted.has(segmentId)) continue;
      covered += 1;
      if (copy.state === "verified" && !copy.doubted) verified += 1;
    }
    if (covered === 0) continue;
    const rank = [Number(candidate.inReach), covered, verified];
    if (!best || compareRanks(rank, best.rank) > 0) best = { candidate, rank };
  }
  return best?.candidate;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
