import { rmSync, statfsSync } from "node:fs";
import { join, resolve } from "node:path";
import { runArchive } from "../jobs/index.ts";
import { type ArchiveConfig, type ArchiveRecord, type CartridgeRecord, type NewArchive, processOwners, type SnapshotRecord, type VolumeRecord } from "../records/index.ts";
import { StrongroomError, uuid } from "../words/index.ts";
import { makePlan } from "../work/plan/index.ts";
import { scratchCartridges } from "../work/place/index.ts";
import { LiveProgress } from "./live-progress.ts";
import { archiveRunParts } from "./archive-run.ts";
import type { ArchiveInfo, ArchiveOperations, ArchivePlan } from "./contract.ts";
import { mendArchive } from "./mending.ts";
import { namedArchive, namedPool } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { ProgressMeter } from "./progress.ts";
import { operatorRequests } from "./requests.ts";
import { planSources } from "./sources.ts";
import { archiveTroubles, countTroubles } from "./troubles.ts";
import { poolFacts, type Workshop } from "./workshop.ts";

const runKind = "archive run";

export function archiveOperations(parts: OperationParts, workshop: Workshop): ArchiveOperations {
  return {
    create: async (archive) => {
      const known = parts.catalog.archive(archive.name);
      const wished = { ...archive, sources: archive.sources.map((source) => ({ ...source, path: resolve(source.path) })) };
      // The configuration comes first: whoever was interrupted behind it gives the same command again.
      if (known || !isConfigured(parts, wished)) parts.configStore.addArchive(wished);
      return Promise.resolve(known ?? parts.catalog.createArchive(archive.name, uuid(parts.random)));
    },
    list: async () => Promise.resolve(configOf(parts).archives.map((archive) => infoOf(parts, archive))),
    show: async (name) => Promise.resolve(infoOf(parts, namedArchive(parts, name).config)),
    run: async (name, { full, waitMs = 0 }, options) => {
      const { config, record } = namedArchive(parts, name);
      const outcome = await workshop.runJob({ kind: runKind, subject: name, resumable: true }, options.observer, async (job) => {
        const { runParts, spool } = await archiveRunParts(parts, workshop, config, record, job, operatorRequests(parts, workshop, job, waitMs));
        const meter = new ProgressMeter(job.id, parts.clock, new LiveProgress(parts.state.jobsPath).alongside(options.observer, parts.clock), () => spool.usedBytes / spool.maxBytes);
        return await runArchive(runParts, full, job, meter, options.signal);
      });
      const { troubled } = countTroubles(parts, record);
      return { job: outcome.job, severity: outcome.severity, summary: outcome.summary, troubled, ...outcome.value };
    },
    mend: async (name, { waitMs = 0, without = [] }, options) => await mendArchive(parts, workshop, name, { onlyBad: false, waitMs, without }, options),
    troubles: async (name, limit) => Promise.resolve(archiveTroubles(parts, name, limit)),
    plan: async (name, { full }) => {
      const { config, record } = namedArchive(parts, name);
      return await planOnly(parts, config, record, full);
    },
    remove: async (name) => {
      const { record } = namedArchive(parts, name);
      const open = parts.catalog.snapshots(record).find(({ state }) => state === "open");
      if (open) throw unfinished(name, open.number);
      parts.configStore.removeArchive(name);
      return Promise.resolve();
    },
    abandon: async (name) => {
      const { record } = namedArchive(parts, name);
      const open = parts.catalog.snapshots(record).find(({ state }) => state === "open");
      const job = parts.journal.unfinished(runKind, name);
      if (job && !parts.journal.takeOver(job.id, processOwners().current())) throw stillRunning(name, job.id);
      if (open) await forget(parts, workshop, open);
      if (job) {
        parts.journal.finishJob(job.id, { severity: "warn", summary: `abandoned by ${parts.requestedBy}`, finishedMs: parts.clock.nowMs() });
      }
    },
  };
}

/** Whether the configuration has this archive already, with the same sources in the same pools. */
function isConfigured(parts: OperationParts, { name, sources, pools }: NewArchive): boolean {
  const there = configOf(parts).archives.find((archive) => archive.name === name);
  const essence = (of: Pick<NewArchive, "sources" | "pools">): string => JSON.stringify([of.sources.map((source) => [source.name, source.path]), of.pools]);
  return there !== undefined && essence(there) === essence({ sources, pools });
}

function infoOf(parts: OperationParts, archive: ArchiveConfig): ArchiveInfo {
  const record = parts.catalog.archive(archive.name);
  const snapshots = record ? parts.catalog.snapshots(record) : [];
  const complete = snapshots.filter(({ state }) => state === "complete");
  return {
    ...archive,
    uuid: record?.uuid ?? "",
    snapshots: complete.length,
    last: complete.at(-1),
    unfinished: snapshots.find(({ state }) => state === "open"),
  };
}

/** The same walk and the same cuts as a run, thrown away afterwards. */
async function planOnly(parts: OperationParts, config: ArchiveConfig, record: ArchiveRecord, full: boolean): Promise<ArchivePlan> {
  const complete = parts.catalog.snapshots(record).filter(({ state }) => state === "complete");
  const planPath = join(parts.state.jobsPath, `plan-of-${config.name}-${String(parts.owner.processId)}`);
  try {
    const { segments, summary } = await makePlan({
      planPath,
      sources: planSources(config),
      segmentSizeBytes: config.segmentSizeBytes,
      catalog: parts.catalog,
      archive: record,
      base: full ? undefined : complete.at(-1)?.number,
      onEntry: () => undefined,
      onNotice: () => undefined,
      signal: new AbortController().signal,
    });
    return {
      entries: summary.entries,
      newEntries: summary.newEntries,
      newContentBytes: summary.newContentBytes,
      segments: segments.length,
      plannedBytes: summary.plannedBytes,
      goneEntries: summary.goneEntries,
      pools: config.pools.map((pool) => roomIn(parts, pool)),
    };
  } finally {
    for (const ending of ["", ".tmp", ".gone"]) rmSync(`${planPath}${ending}`, { force: true });
  }
}

function roomIn(parts: OperationParts, name: string): ArchivePlan["pools"][number] {
  const pool = namedPool(configOf(parts), name);
  const blank = scratchCartridges(poolFacts(pool), parts.inventory, new Set());
  const open = parts.inventory.volumesOfPool(name).filter(({ state }) => state === "open");
  const freeBytes = open.reduce((sum, volume) => sum + freeBytesOf(volume, parts.inventory.cartridge(volume.barcode)), 0);
  return { pool: name, freeBytes, blankCartridges: blank.length };
}

/** A tape counts with what its drive said when it was labelled, a folder with what its disk has now. */
function freeBytesOf({ bytesWritten }: VolumeRecord, cartridge: CartridgeRecord | undefined): number {
  const leftBytes = Math.max(0, (cartridge?.capacityBytes ?? Infinity) - bytesWritten);
  if (cartridge?.kind !== "folder") return Number.isFinite(leftBytes) ? leftBytes : 0;
  try {
    const { bavail, bsize } = statfsSync(cartridge.place);
    return Math.min(leftBytes, bavail * bsize);
  } catch {
    // Not attached now: it has no room for this run.
    return 0;
  }
}

async function forget(parts: OperationParts, workshop: Workshop, snapshot: SnapshotRecord): Promise<void> {
  const spool = workshop.spool();
  for (const { id } of parts.catalog.segments(snapshot)) spool.release(id);
  parts.catalog.abandonSnapshot(snapshot);
  rmSync(join(parts.state.jobsPath, `snapshot-${String(snapshot.id)}.plan`), { force: true });
  return Promise.resolve();
}

function stillRunning(name: string, jobId: number): StrongroomError {
  return new StrongroomError("busy", "JOB_ACTIVE", `archive ${name} is being run, as job ${String(jobId)}; nothing was changed`, {
    hint: "stop that run first",
  });
}

function unfinished(name: string, snapshot: number): StrongroomError {
  return new StrongroomError("denied", "ARCHIVE_UNFINISHED", `snapshot ${String(snapshot)} of archive ${name} is unfinished; nothing was changed`, {
    hint: `finish it with: strongroom archive run ${name}; or forget it with: strongroom archive abandon ${name}`,
  });
}
