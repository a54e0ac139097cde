import type { CopyRecord, SegmentRecord } from "../../records/index.ts";
import { StrongroomError } from "../../words/index.ts";
import type { PoolWriter } from "../../work/place/index.ts";
import type { RunningJob } from "../runner.ts";
import { Gatherer } from "./gather.ts";
import type { DuplicateOutcome, DuplicateParts, DuplicateReport } from "./parts.ts";

/** Reading has a stretch in the spool while the one before it is written, and the odd segment is larger than the rest. */
const sideBySideShare = 0.25;
const byTurnsShare = 0.5;
const lookMs = 1000;

interface Wanted {
  readonly segment: SegmentRecord;
  readonly copy: CopyRecord;
}

/**
 * Copies what is on a volume to others, byte for byte, segment by segment in the order of the medium. Each is compared with its seal on the way through the spool, and recorded when it is on
 * the medium: the same job goes on behind the last one. What has no good copy anywhere is named and left out. Ends with a trailer on each volume that was written.
 */
export async function runDuplicate(
  parts: DuplicateParts,
  job: RunningJob,
  report: DuplicateReport,
  signal: AbortSignal,
): Promise<{ readonly summary: string; readonly value: DuplicateOutcome }> {
  const wanted = wantedOf(parts);
  report.stage("copying", wanted.reduce((sum, { segment }) => sum + segment.facts!.sealedBytes, 0), undefined);
  const outcome = await new Copying(parts, job, report, signal).run(wanted);
  const { source } = parts;
  return { summary: summaryText(source.barcode, outcome), value: outcome };
}

/** What is on the volume and not on the duplicate yet. */
export function wantedOf({ catalog, inventory, source, targets }: Pick<DuplicateParts, "catalog" | "inventory" | "source" | "targets">): readonly Wanted[] {
  const there = new Set(targets());
  const isCopied = ({ segmentId }: CopyRecord): boolean => inventory.copiesOfSegment(segmentId).some(({ state, volumeUuid }) => state !== "bad" && there.has(volumeUuid));
  return inventory.copiesOnVolume(source.uuid).filter((copy) => !isCopied(copy)).flatMap((copy) => {
    const segment = catalog.segment(copy.segmentId);
    return segment?.facts ? [{ segment, copy }] : [];
  });
}

class Copying {
  readonly #parts: DuplicateParts;
  readonly #signal: AbortSignal;
  readonly #gatherer: Gatherer;
  readonly #stop = new AbortController();
  #copies = 0;
  #fromElsewhere = 0;
  #leftOut = 0;

  constructor(parts: DuplicateParts, job: RunningJob, report: DuplicateReport, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#gatherer = new Gatherer(parts, job, (countBytes) => { report.bytes(countBytes); }, this.#signal);
  }

  async run(wanted: readonly Wanted[]): Promise<DuplicateOutcome> {
    const writer = this.#parts.writer();
    let writing = Promise.resolve();
    try {
      for (const stretch of this.#stretches(wanted)) {
        const ready = await this.#gather(stretch);
        if (!this.#parts.sideBySide) await this.#gatherer.rest();
        await this.#untilDone(writing);
        writing = this.#place(ready, writer);
        // It is looked at when the next stretch is ready.
        writing.catch(() => { this.#stop.abort(); });
        if (!this.#parts.sideBySide) await writing.then(() => writer.abandon());
      }
      await this.#gatherer.rest();
      await writing;
      await writer.finish();
    } catch (error) {
      // What stopped the reading may have been that writing had failed: that is the cause.
      const [written] = await Promise.allSettled([writing]);
      await this.#gatherer.rest();
      await writer.abandon();
      throw written.status === "rejected" ? written.reason : error;
    }
    const { inventory, targets } = this.#parts;
    const volumes = targets().flatMap((uuid) => inventory.volume(uuid)?.barcode ?? []);
    return { copies: this.#copies, fromElsewhere: this.#fromElsewhere, volumes, leftOut: this.#leftOut };
  }

  *#stretches(wanted: readonly Wanted[]): Generator<readonly Wanted[]> {
    const mostBytes = this.#parts.spool.maxBytes * (this.#parts.sideBySide ? sideBySideShare : byTurnsShare);
    let stretch: Wanted[] = [];
    let sizeBytes = 0;
    for (const one of wanted) {
      const { sealedBytes } = one.segment.facts!;
      if (stretch.length > 0 && sizeBytes + sealedBytes > mostBytes) {
        yield stretch;
        [stretch, sizeBytes] = [[], 0];
      }
      stretch.push(one);
      sizeBytes += sealedBytes;
    }
    if (stretch.length > 0) yield stretch;
  }

  async #gather(stretch: readonly Wanted[]): Promise<readonly SegmentRecord[]> {
    const ready: SegmentRecord[] = [];
    for (const { segment, copy } of stretch) {
      this.#signal.throwIfAborted();
      if (this.#parts.isDriveAwaited()) await this.#gatherer.rest();
      const from = await this.#gatherer.fetch(segment, copy);
      if (from === "none") {
        this.#leftOut += 1;
        continue;
      }
      if (from === "elsewhere") this.#fromElsewhere += 1;
      ready.push(segment);
    }
    return ready;
  }

  async #place(ready: readonly SegmentRecord[], writer: PoolWriter): Promise<void> {
    for (const segment of ready) {
      this.#signal.throwIfAborted();
      await writer.place(segment, this.#parts.spool.pathOf(segment.id));
    }
    await writer.sync();
    for (const { id } of ready) this.#parts.spool.release(id);
    this.#copies += ready.length;
    // With fewer drives than it seemed, reading waits for the one that writing has.
    if (this.#parts.isDriveAwaited()) await writer.abandon();
  }

  /** The drive that reads is given back meanwhile, should writing turn out to wait for it. */
  async #untilDone(writing: Promise<void>): Promise<void> {
    const over = new AbortController();
    const done = writing.finally(() => { over.abort(); });
    for (;;) {
      const isOver = await Promise.race([done.then(() => true), this.#parts.clock.sleep(lookMs, over.signal).then(() => false, () => true)]);
      if (isOver) break;
      if (this.#parts.isDriveAwaited()) await this.#gatherer.rest();
    }
    await done;
  }
}

function summaryText(barcode: string, { copies, fromElsewhere, volumes, leftOut }: DuplicateOutcome): string {
  const what = `${String(copies)} ${copies === 1 ? "segment" : "segments"} copied to ${volumes.join(", ")}`;
  const elsewhere = fromElsewhere === 0 ? "" : `, ${String(fromElsewhere)} of them from other volumes`;
  const lacking = leftOut === 0 ? "" : `; ${String(leftOut)} ${leftOut === 1 ? "has" : "have"} no good copy at hand and ${leftOut === 1 ? "is" : "are"} not on it`;
  return `cartridge ${barcode}: ${what}${elsewhere}${lacking}`;
}

export function nothingOn(barcode: string): StrongroomError {
  return new StrongroomError("missing", "NOTHING_TO_COPY", `the records know no segment on cartridge ${barcode}; nothing was written`, {
    hint: `see what is on it: strongroom volume show ${barcode}`,
  });
}
