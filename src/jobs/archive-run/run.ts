import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { SnapshotRecord, SnapshotTotals } from "../../records/index.ts";
import { formatBytes, StrongroomError } from "../../words/index.ts";
import { makePlan, type PlanSummary } from "../../work/plan/index.ts";
import type { RunningJob } from "../runner.ts";
import { SealedFeed } from "./feed.ts";
import { LeftOutList } from "./left-out.ts";
import type { ArchiveRunParts, ProgressReport } from "./parts.ts";
import { placeInPool, SpoolRelease } from "./placing.ts";
import { PoolTeams } from "./teams.ts";
import { Sealing, type SealingResult } from "./sealing.ts";

export interface ArchiveRunOutcome {
  readonly snapshot: SnapshotRecord;
  readonly resumed: boolean;
  readonly segmentsSealed: number;
  readonly segmentsTakenOver: number;
  readonly volumes: readonly { readonly pool: string; readonly barcode: string }[];
}

/**
 * One run of an archive: walk and plan, seal, place in every pool, verify, complete. Each step that must not be done twice ends in a
 * transaction, so the same run, started again after any interruption, goes on behind it.
 */
export async function runArchive(
  parts: ArchiveRunParts,
  full: boolean,
  job: RunningJob,
  report: ProgressReport,
  signal: AbortSignal,
): Promise<{ readonly summary: string; readonly value: ArchiveRunOutcome }> {
  const { snapshot, summary, planPath } = await prepare(parts, full, job, report, signal);
  report.stage("sealing and placing", summary.plannedBytes, summary.newEntries);
  const { sealing, volumes } = await sealAndPlace(parts, snapshot, planPath, job, report, signal);
  if (parts.verify) await verifyNewCopies(parts, snapshot, job, report, signal);
  const totals = totalsOf(parts, snapshot, summary, sealing);
  parts.catalog.completeSnapshot(snapshot, parts.clock.nowMs(), totals);
  rmSync(planPath, { force: true });
  return {
    summary: summaryText(parts, snapshot, totals),
    value: {
      snapshot: parts.catalog.snapshot(parts.archive, snapshot.number)!,
      resumed: job.resumed,
      segmentsSealed: sealing.sealed,
      segmentsTakenOver: sealing.takenOver,
      volumes,
    },
  };
}

interface Prepared {
  readonly snapshot: SnapshotRecord;
  readonly summary: PlanSummary;
  readonly planPath: string;
}

/** The open snapshot with its plan: found as an earlier run left it, or made now. */
async function prepare(
  parts: ArchiveRunParts,
  full: boolean,
  job: RunningJob,
  report: ProgressReport,
  signal: AbortSignal,
): Promise<Prepared> {
  const { catalog, archive } = parts;
  const snapshots = catalog.snapshots(archive);
  const base = full ? undefined : snapshots.filter(({ state }) => state === "complete").at(-1)?.number;
  const snapshot = snapshots.find(({ state }) => state === "open") ?? catalog.openSnapshot(archive, parts.clock.nowMs(), base);
  const planPath = join(parts.planFolder, `snapshot-${String(snapshot.id)}.plan`);
  const known = job.progress["plan"] as PlanSummary | undefined;
  if (catalog.segments(snapshot).length > 0) {
    if (known && existsSync(planPath)) return { snapshot, summary: known, planPath };
    throw planMissing(archive.name);
  }
  report.stage("walking", undefined, undefined);
  const leftOut = new LeftOutList(job);
  const plan = await makePlan({
    planPath,
    sources: parts.sources,
    segmentSizeBytes: parts.segmentSizeBytes,
    catalog,
    archive,
    base: snapshot.base,
    onEntry: (path) => {
      report.entries(1);
      report.current(path);
    },
    onNotice: leftOut.take,
    signal,
  });
  leftOut.finish();
  catalog.markGone(snapshot, plan.goneEntryIds());
  catalog.setLeftOut(snapshot, leftOut.entries);
  job.saveProgress({ plan: plan.summary });
  catalog.planSegments(snapshot, plan.segments);
  return { snapshot, summary: plan.summary, planPath };
}

function planMissing(archive: string): StrongroomError {
  return new StrongroomError("failed", "PLAN_MISSING", `the plan of ${archive}'s unfinished snapshot is gone from the state folder; older snapshots are safe`, {
    severity: "fatal",
    hint: `give the unfinished snapshot up with: strongroom archive abandon ${archive}; then run the archive again`,
  });
}

async function sealAndPlace(
  parts: ArchiveRunParts,
  snapshot: SnapshotRecord,
  planPath: string,
  job: RunningJob,
  report: ProgressReport,
  signal: AbortSignal,
): Promise<{ sealing: SealingResult; volumes: ArchiveRunOutcome["volumes"] }> {
  const feed = new SealedFeed(parts.catalog.segments(snapshot).length);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const onAbort = (): void => { feed.fail(either.reason); };
  either.addEventListener("abort", onAbort, { once: true });
  const stopAll = (error: unknown): never => {
    stop.abort(error);
    throw error;
  };
  const sealing = new Sealing(parts, snapshot, planPath, feed, job, report).run(either).catch(stopAll);
  const teams = new PoolTeams(parts.pools, job, (error) => { stop.abort(error); });
  const placing = {
    run: parts,
    snapshot,
    feed,
    release: new SpoolRelease(parts),
    signal: either,
    onBarcode: (barcode: string): void => { report.cartridge(barcode, fillOf(parts, barcode)); },
    idle: (pool: string): void => { teams.idle(pool); },
    busy: (pool: string): void => { teams.busy(pool); },
    writing: (pool: string, isWriting: boolean): void => { report.writing(pool, isWriting); },
  };
  const pools = parts.pools.map(async (pool) => {
    try {
      return (await placeInPool(placing, pool)).map((barcode) => ({ pool, barcode }));
    } catch (error) {
      if (!either.aborted) teams.failed(pool, error);
      throw error;
    }
  });
  try {
    const settled = await Promise.allSettled([sealing, ...pools]);
    // The first failure is the cause; the others only heard of it.
    if (stop.signal.aborted) throw stop.signal.reason;
    signal.throwIfAborted();
    for (const result of settled) if (result.status === "rejected") throw result.reason;
    return { sealing: await sealing, volumes: (await Promise.all(pools)).flat() };
  } finally {
    either.removeEventListener("abort", onAbort);
  }
}

/** How full a cartridge is, 0 to 1; 0 where nobody knows what it holds. */
function fillOf({ inventory }: ArchiveRunParts, barcode: string): number {
  const capacityBytes = inventory.cartridge(barcode)?.capacityBytes;
  return capacityBytes === undefined ? 0 : Math.min(1, (inventory.volumeOn(barcode)?.bytesWritten ?? 0) / capacityBytes);
}

async function verifyNewCopies(
  parts: ArchiveRunParts,
  snapshot: SnapshotRecord,
  job: RunningJob,
  report: ProgressReport,
  signal: AbortSignal,
): Promise<void> {
  const byPool = parts.pools.map((pool) => ({ pool, barcodes: unverifiedVolumes(parts, snapshot, pool) }));
  const totalBytes = sumOfSealedBytes(parts, snapshot) * parts.pools.length;
  report.stage("verifying", totalBytes, undefined);
  let errors = 0;
  // Every pool is read to its end before a failure of one ends the job: nothing may go on behind a job that is over.
  const settled = await Promise.allSettled(
    byPool.map(async ({ barcodes }) => {
      for (const barcode of barcodes) {
        for (const problem of await parts.verifyCopies(barcode, report, signal)) {
          job.note(problem.severity, problem.code, problem.text);
          // A remark, such as a session without a trailer, takes nothing from the copies.
          if (problem.severity === "err" || problem.severity === "fatal") errors += 1;
        }
      }
    }),
  );
  for (const result of settled) if (result.status === "rejected") throw result.reason;
  if (errors === 0) return;
  throw new StrongroomError("mismatch", "COPY_NOT_VERIFIED", "not every copy could be read back as it was sealed; the source must be kept", {
    hint: "run the same command again: it makes new copies from those that are good, on other cartridges",
  });
}

function unverifiedVolumes(parts: ArchiveRunParts, snapshot: SnapshotRecord, pool: string): readonly string[] {
  const barcodes = new Set<string>();
  for (const segment of parts.catalog.segments(snapshot)) {
    for (const copy of parts.inventory.copiesOfSegment(segment.id)) {
      const volume = parts.inventory.volume(copy.volumeUuid);
      if (copy.state === "written" && volume?.pool === pool) barcodes.add(volume.barcode);
    }
  }
  return [...barcodes];
}

function sumOfSealedBytes(parts: ArchiveRunParts, snapshot: SnapshotRecord): number {
  return parts.catalog.segments(snapshot).reduce((sum, { facts }) => sum + (facts?.sealedBytes ?? 0), 0);
}

function totalsOf(parts: ArchiveRunParts, snapshot: SnapshotRecord, plan: PlanSummary, sealing: SealingResult): SnapshotTotals {
  return {
    entries: plan.entries,
    contentBytes: plan.contentBytes,
    newEntries: plan.newEntries,
    newContentBytes: plan.newContentBytes,
    sealedBytes: sumOfSealedBytes(parts, snapshot),
    troubledEntries: sealing.troubledEntries + plan.troubledEntries,
  };
}

function summaryText(parts: ArchiveRunParts, snapshot: SnapshotRecord, totals: SnapshotTotals): string {
  const what = `snapshot ${String(snapshot.number)} of ${parts.archive.name}: ${String(totals.newEntries)} of ${String(totals.entries)} entries, ${formatBytes(totals.newContentBytes)}`;
  const where = `in ${String(parts.pools.length)} ${parts.pools.length === 1 ? "pool" : "pools"}`;
  const proof = parts.verify ? "read back and compared" : "not read back";
  const trouble = totals.troubledEntries === 0 ? "" : `; ${String(totals.troubledEntries)} entries had trouble`;
  return `${what}, ${where}, ${proof}${trouble}`;
}
