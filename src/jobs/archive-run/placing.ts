import type { SegmentRecord, SnapshotRecord } from "../../records/index.ts";
import type { SealedFeed } from "./feed.ts";
import type { ArchiveRunParts } from "./parts.ts";
import { missingFromSpool } from "./sealing.ts";

/** Gives a segment's room in the spool back once every pool has it. */
export class SpoolRelease {
  readonly #left = new Map<number, number>();
  readonly #parts: ArchiveRunParts;

  constructor(parts: ArchiveRunParts) {
    this.#parts = parts;
  }

  placed(segmentId: number): void {
    const left = (this.#left.get(segmentId) ?? this.#parts.pools.length) - 1;
    this.#left.set(segmentId, left);
    if (left > 0) return;
    this.#left.delete(segmentId);
    this.#parts.spool.release(segmentId);
  }
}

/**
 * Brings every segment of the snapshot to one pool, in order, as the feed delivers them. Returns the barcodes it wrote on.
 * A segment that has its copy already is passed over, so an interrupted run goes on behind the last recorded copy.
 */
export async function placeInPool(
  parts: ArchiveRunParts,
  snapshot: SnapshotRecord,
  pool: string,
  feed: SealedFeed,
  release: SpoolRelease,
  onBarcode: (barcode: string) => void,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const count = parts.catalog.segments(snapshot).length;
  const missing = new Set(parts.inventory.segmentsWithoutCopy(snapshot.id, pool, ["written", "verified"]));
  const barcodes = new Set<string>();
  const writer = parts.poolWriter(pool, snapshot, (barcode) => barcodes.add(barcode));
  try {
    for (let number = 1; number <= count; number += 1) {
      const segment: SegmentRecord = await feed.segment(number);
      signal.throwIfAborted();
      if (missing.has(segment.id)) {
        if (!parts.spool.has(segment.id) && !(await parts.refetch(segment, signal))) throw missingFromSpool(segment);
        await writer.place(segment, parts.spool.pathOf(segment.id));
        if (writer.barcode !== undefined) onBarcode(writer.barcode);
      }
      release.placed(segment.id);
    }
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  return [...barcodes];
}
