import type { CopyRecord, SegmentRecord, SnapshotRecord, VolumeRecord } from "../../records/index.ts";
import { StrongroomError } from "../../words/index.ts";
import type { OpenedVolume } from "../../work/mount/index.ts";
import { isInReach } from "../../work/place/index.ts";
import { copyKey, fetchSegment, planRecall } from "../../work/recall/index.ts";
import type { ArchiveRunParts, ProgressReport } from "../archive-run/index.ts";
import type { RunningJob } from "../runner.ts";

/** What making copies anew needs beside what placing them does. */
export interface MendParts {
  readonly run: ArchiveRunParts;
  open(volume: VolumeRecord): Promise<OpenedVolume>;
  /** Only pairs of snapshot and pool in which a copy was found bad; else whatever is missing is made as well. */
  readonly onlyBad: boolean;
  /** What is on these volumes counts as not there. */
  readonly without: readonly string[];
}

export interface MendOutcome {
  readonly copies: number;
  readonly volumes: readonly string[];
  /** Segments of which no good copy can be had now. */
  readonly without: number;
}

/**
 * Makes the copies that an archive should have and has not, or not any more, from copies that are good: fetched into the spool, compared with their seals on the way,
 * placed, and read back. Each is recorded when it is on the medium, so the same job goes on behind the last one.
 */
export async function runMend(
  parts: MendParts,
  job: RunningJob,
  report: ProgressReport,
  signal: AbortSignal,
): Promise<{ readonly summary: string; readonly value: MendOutcome }> {
  const { catalog, archive, pools } = parts.run;
  const mending = new Mending(parts, job, report, signal);
  const snapshots = catalog.snapshots(archive).filter(({ state }) => state === "complete");
  report.stage("sealing and placing", sumOf(parts, snapshots), undefined);
  for (const snapshot of snapshots) {
    for (const pool of pools) if (!parts.onlyBad || hasBad(parts, snapshot, pool)) await mending.mend(snapshot, pool);
  }
  const outcome = await mending.finish();
  return { summary: summaryText(archive.name, outcome), value: outcome };
}

function missingIn({ run, without }: MendParts, snapshot: SnapshotRecord, pool: string): readonly number[] {
  return run.inventory.segmentsWithoutCopy(snapshot.id, pool, ["written", "verified"], without);
}

function hasBad(parts: MendParts, snapshot: SnapshotRecord, pool: string): boolean {
  const { inventory } = parts.run;
  return missingIn(parts, snapshot, pool).some((id) =>
    inventory.copiesOfSegment(id).some(({ state, volumeUuid }) => state === "bad" && inventory.volume(volumeUuid)?.pool === pool));
}

function sumOf(parts: MendParts, snapshots: readonly SnapshotRecord[]): number {
  let sum = 0;
  for (const snapshot of snapshots) {
    for (const pool of parts.run.pools) {
      if (parts.onlyBad && !hasBad(parts, snapshot, pool)) continue;
      for (const id of missingIn(parts, snapshot, pool)) sum += parts.run.catalog.segment(id)?.facts?.sealedBytes ?? 0;
    }
  }
  return sum;
}

class Mending {
  readonly #parts: MendParts;
  readonly #job: RunningJob;
  readonly #report: ProgressReport;
  readonly #signal: AbortSignal;
  /** Copies that could not be read as they were sealed, or not at all. */
  readonly #avoid = new Set<string>();
  readonly #without = new Set<number>();
  readonly #barcodes = new Set<string>();
  #copies = 0;

  constructor(parts: MendParts, job: RunningJob, report: ProgressReport, signal: AbortSignal) {
    this.#parts = parts;
    this.#job = job;
    this.#report = report;
    this.#signal = signal;
  }

  async mend(snapshot: SnapshotRecord, pool: string): Promise<void> {
    const { run } = this.#parts;
    for (let before = Number.POSITIVE_INFINITY; ; ) {
      const missing = missingIn(this.#parts, snapshot, pool).filter((id) => !this.#without.has(id));
      if (missing.length === 0) return;
      // A copy that stopped counting while it was made is made once more, but not for ever.
      if (missing.length >= before) throw noHeadway(pool, missing.length);
      before = missing.length;
      const writer = run.poolWriter(pool, snapshot, (barcode) => this.#barcodes.add(barcode), this.#signal);
      try {
        await this.#place(missing, writer);
        await writer.finish();
      } catch (error) {
        await writer.abandon();
        throw error;
      }
    }
  }

  /** In batches of half the spool, so that with one drive cartridges change seldom. */
  async #place(missing: readonly number[], writer: ReturnType<MendParts["run"]["poolWriter"]>): Promise<void> {
    const { spool, catalog } = this.#parts.run;
    for (let at = 0; at < missing.length; ) {
      const batch: SegmentRecord[] = [];
      let sizeBytes = 0;
      for (; at < missing.length && (batch.length === 0 || sizeBytes < spool.maxBytes / 2); at += 1) {
        const segment = catalog.segment(missing[at]!);
        const nextBytes = segment?.facts?.sealedBytes ?? 0;
        if (!segment || (batch.length > 0 && sizeBytes + nextBytes > spool.maxBytes / 2)) break;
        // What is read from another pool's copy may need the drive that this pool holds.
        if (!spool.has(segment.id)) await writer.abandon();
        if (!(await this.#fetch(segment))) continue;
        batch.push(segment);
        sizeBytes += nextBytes;
      }
      for (const segment of batch) {
        this.#signal.throwIfAborted();
        await writer.place(segment, spool.pathOf(segment.id));
      }
      await writer.sync();
      for (const { id } of batch) spool.release(id);
      this.#copies += batch.length;
    }
  }

  /** False when there is no copy to be had now that is good. */
  async #fetch(segment: SegmentRecord): Promise<boolean> {
    const { run } = this.#parts;
    if (run.spool.has(segment.id)) return true;
    for (;;) {
      const { visits } = planRecall(run.inventory, [segment.id], ({ barcode }) => isInReach(run.inventory.cartridge(barcode)), this.#avoid);
      const [visit] = visits;
      const copy = visit?.copies[0];
      if (!visit || !copy || !visit.inReach) {
        this.#lack(segment, visit?.volume);
        return false;
      }
      if (await this.#fetchFrom(visit.volume, copy, segment)) return true;
    }
  }

  async #fetchFrom(volume: VolumeRecord, copy: CopyRecord, segment: SegmentRecord): Promise<boolean> {
    const { spool, inventory, clock } = this.#parts.run;
    const { sealedBytes, sealedSha256 } = segment.facts!;
    await spool.reserve(segment.id, sealedBytes, this.#signal);
    try {
      const opened = await this.#parts.open(volume);
      try {
        const path = spool.pathOf(segment.id);
        const onBytes = (countBytes: number): void => { this.#report.bytes(countBytes); };
        await fetchSegment(opened.medium, { objectNumber: copy.objectNumber, sealedBytes, sealedSha256, path, onBytes, signal: this.#signal });
        return true;
      } finally {
        await opened.release();
      }
    } catch (error) {
      spool.release(segment.id);
      if (this.#signal.aborted || !(error instanceof StrongroomError) || error.kind === "internal" || error.kind === "busy") throw error;
      this.#avoid.add(copyKey(copy));
      this.#job.note("warn", error.code, `segment ${String(segment.number)} is not taken from cartridge ${volume.barcode}: ${error.message}`);
      if (error.code === "SEGMENT_DIFFERS") inventory.updateCopy(segment.id, volume.uuid, { state: "bad", checkedMs: clock.nowMs() });
      return false;
    }
  }

  #lack(segment: SegmentRecord, volume: VolumeRecord | undefined): void {
    this.#without.add(segment.id);
    const what = `segment ${String(segment.number)} of ${this.#parts.run.archive.name} (row ${String(segment.id)})`;
    if (!volume) this.#job.note("err", "SEGMENT_WITHOUT_COPY", `${what} has no good copy that could be read: take a full snapshot while the source is there`);
    else this.#job.note("warn", "COPY_OUT_OF_REACH", `${what} has its only good copy on cartridge ${volume.barcode}, which is not in a library; bring it and run this again`);
  }

  /** Reads back what was written. */
  async finish(): Promise<MendOutcome> {
    const { run } = this.#parts;
    let isGood = true;
    for (const barcode of run.verify ? this.#barcodes : []) {
      for (const { severity, code, text } of await run.verifyCopies(barcode, this.#report, this.#signal)) {
        this.#job.note(severity, code, text);
        if (severity === "err" || severity === "fatal") isGood = false;
      }
    }
    if (isGood) return { copies: this.#copies, volumes: [...this.#barcodes], without: this.#without.size };
    throw new StrongroomError("mismatch", "COPY_NOT_VERIFIED", "not every new copy could be read back as it was sealed; the copies that it was made of are safe", {
      hint: "run the same command again: it makes new copies on other cartridges",
    });
  }
}

function noHeadway(pool: string, count: number): StrongroomError {
  return new StrongroomError("failed", "COPIES_NOT_KEPT", `${String(count)} new copies in pool ${pool} did not stay as they were written; the copies that they were made of are safe`, {
    hint: "look at the drive: strongroom drive health; then run the same command again",
  });
}

function summaryText(archive: string, { copies, without }: MendOutcome): string {
  if (copies === 0 && without === 0) return `archive ${archive}: every copy is there`;
  const lacking = without === 0 ? "" : `; ${String(without)} ${without === 1 ? "segment has" : "segments have"} no good copy at hand`;
  return `archive ${archive}: ${String(copies)} ${copies === 1 ? "copy" : "copies"} made anew and read back${lacking}`;
}
