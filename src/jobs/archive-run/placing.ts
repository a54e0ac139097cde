import type { SegmentRecord, SnapshotRecord } from "../../records/index.ts";
import type { PoolWriter } from "../../work/place/index.ts";
import type { SealedFeed } from "./feed.ts";
import type { ArchiveRunParts } from "./parts.ts";
import { missingFromSpool } from "./sealing.ts";
import { Stretch } from "./stretch.ts";

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

/** What the pools of a run share. */
export interface PlacingParts {
  readonly run: ArchiveRunParts;
  readonly snapshot: SnapshotRecord;
  readonly feed: SealedFeed;
  readonly release: SpoolRelease;
  readonly signal: AbortSignal;
  onBarcode(barcode: string): void;
  /** Nothing to do, and no room in the spool for more. */
  idle(pool: string): void;
  busy(pool: string): void;
  /** Whether there is something to write now. */
  writing(pool: string, isWriting: boolean): void;
}

/**
 * Brings every segment of the snapshot to one pool, in order, as the feed delivers them. Returns the barcodes it wrote on.
 * A segment that has its copy already is passed over, so an interrupted run goes on behind the last recorded copy. With fewer drives than pools
 * they take turns: whoever has nothing to do while the spool is full gives its drive to those who wait for one.
 */
export async function placeInPool(parts: PlacingParts, pool: string): Promise<readonly string[]> {
  const { run, snapshot, feed, signal } = parts;
  const count = run.catalog.segments(snapshot).length;
  const barcodes = new Set<string>();
  const writer = run.poolWriter(pool, snapshot, (barcode) => barcodes.add(barcode), signal);
  const placing = new Placing(parts, pool, writer);
  const stretch = new Stretch({
    feed,
    spool: run.spool,
    clock: run.clock,
    signal,
    ended: async () => {
      await placing.sync();
      parts.writing(pool, false);
    },
    idle: async () => {
      placing.letGo();
      parts.idle(pool);
      if (run.isDriveAwaited()) await writer.abandon();
    },
    busy: () => { parts.busy(pool); },
  });
  try {
    for (let number = 1; number <= count; number += 1) {
      await stretch.ready(number);
      parts.writing(pool, true);
      const segment = await feed.segment(number);
      signal.throwIfAborted();
      await placing.place(segment);
    }
    await placing.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    parts.writing(pool, false);
  }
  return [...barcodes];
}

/**
 * One pool's way through the segments. What was written stays in the spool until it is on the tape for sure, and the last segment until the next is as well: should
 * trouble show that it is not there as recorded, it is placed again from the spool.
 */
class Placing {
  readonly #parts: PlacingParts;
  readonly #pool: string;
  readonly #writer: PoolWriter;
  readonly #missing: ReadonlySet<number>;
  /** Written, and not yet known to be recorded; in order. */
  #unsure: SegmentRecord[] = [];
  #last: SegmentRecord | undefined;

  constructor(parts: PlacingParts, pool: string, writer: PoolWriter) {
    this.#parts = parts;
    this.#pool = pool;
    this.#writer = writer;
    this.#missing = new Set(parts.run.inventory.segmentsWithoutCopy(parts.snapshot.id, pool, ["written", "verified"]));
  }

  async place(segment: SegmentRecord): Promise<void> {
    if (!this.#missing.has(segment.id)) {
      this.#parts.release.placed(segment.id);
      return;
    }
    await this.#write(segment);
    this.#settle();
    if (this.#last && !this.#hasCopy(this.#last)) await this.sync();
  }

  /** Everything written is on the medium, and recorded. */
  async sync(): Promise<void> {
    do await this.#writer.sync(); while (await this.#mend());
  }

  async finish(): Promise<void> {
    do await this.#writer.finish(); while (await this.#mend());
    this.letGo();
  }

  /** Keeps the last segment in the spool no longer. */
  letGo(): void {
    if (this.#last) this.#parts.release.placed(this.#last.id);
    this.#last = undefined;
  }

  async #write(segment: SegmentRecord): Promise<void> {
    const { run, signal } = this.#parts;
    if (!run.spool.has(segment.id)) {
      // What is read from another pool's copy may need the drive that this pool holds.
      await this.#writer.sync();
      await this.#writer.abandon();
      if (!(await run.refetch(segment, signal))) throw missingFromSpool(segment);
    }
    await this.#writer.place(segment, run.spool.pathOf(segment.id));
    this.#unsure.push(segment);
    if (this.#writer.barcode !== undefined) this.#parts.onBarcode(this.#writer.barcode);
  }

  #settle(): void {
    for (let first = this.#unsure[0]; first && this.#hasCopy(first); first = this.#unsure[0]) {
      // While it is in doubt it must not leave the spool.
      if (this.#last && !this.#hasCopy(this.#last)) return;
      this.letGo();
      this.#last = this.#unsure.shift();
    }
  }

  /** After a sync: true when segments had to be placed again, because what was recorded of them did not hold. */
  async #mend(): Promise<boolean> {
    this.#settle();
    const lacking = [...(this.#last ? [this.#last] : []), ...this.#unsure].filter((segment) => !this.#hasCopy(segment));
    if (lacking.length === 0) return false;
    if (this.#last && lacking.includes(this.#last)) this.#last = undefined;
    this.#unsure = this.#unsure.filter((segment) => !lacking.includes(segment));
    for (const segment of lacking) await this.#write(segment);
    return true;
  }

  #hasCopy({ id }: SegmentRecord): boolean {
    const { inventory } = this.#parts.run;
    return inventory.copiesOfSegment(id).some(({ state, volumeUuid }) => state !== "bad" && inventory.volume(volumeUuid)?.pool === this.#pool);
  }
}
