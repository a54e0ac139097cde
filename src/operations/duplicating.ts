import { join } from "node:path";
import { type DuplicateOutcome, type DuplicateParts, nothingOn, runDuplicate, type RunningJob, wantedOf } from "../jobs/index.ts";
import { makeFolder, type VolumeRecord } from "../records/index.ts";
import { formatBytes, StrongroomError } from "../words/index.ts";
import type { OpenedVolume } from "../work/mount/index.ts";
import { isVolumeAside, jobLines, labelScratch, PoolWriter, recordsLines, reopenVolume, TrailerMaker } from "../work/place/index.ts";
import type { JobOptions } from "./contract.ts";
import type { DuplicateRequest, DuplicateResult } from "./duplicate-contract.ts";
import { barcodeOf, isDuplicateOf, type Target, targetPoolOf, targetsFor } from "./duplicate-targets.ts";
import { LiveProgress } from "./live-progress.ts";
import { knownVolume, namedPool } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { ProgressMeter } from "./progress.ts";
import { openRestoreSpool } from "./restore-spool.ts";
import { poolFacts, type Workshop } from "./workshop.ts";

export async function duplicateVolume(parts: OperationParts, workshop: Workshop, request: DuplicateRequest, options: JobOptions): Promise<DuplicateResult> {
  const source = sourceOf(parts, request.barcode);
  targetPoolOf(parts, source, request);
  const what = { kind: "volume duplicate", subject: source.barcode, resumable: "once-begun" } as const;
  const outcome = await workshop.runJob(what, options.observer, async (job) => await copyVolume(parts, workshop, source, requestOf(request, job), job, options));
  return { job: outcome.job, severity: outcome.severity, summary: outcome.summary, ...outcome.value };
}

/** A volume that there is something to copy of. */
export function sourceOf(parts: OperationParts, barcode: string): VolumeRecord {
  const source = knownVolume(parts, barcode);
  if (parts.inventory.copiesOnVolume(source.uuid).length === 0) throw nothingOn(source.barcode);
  return source;
}

/** UUIDs of the volumes that have copies of this job, or are about to; and of a named one that holds a duplicate already. */
export function begunOf(parts: OperationParts, source: VolumeRecord, { to }: DuplicateRequest, job: RunningJob): readonly string[] {
  const { inventory } = parts;
  const saved = (job.progress["targets"] ?? []) as readonly string[];
  const named = to === undefined ? undefined : inventory.volumeOn(to);
  const known = named && isDuplicateOf(parts, source, named) && !saved.includes(named.uuid) ? [...saved, named.uuid] : saved;
  return known.filter((uuid) => (inventory.volume(uuid)?.state ?? "retired") !== "retired");
}

/** Who says nothing of where the copies go means what was said when the job began. */
export function requestOf(request: DuplicateRequest, job: Pick<RunningJob, "progress">): DuplicateRequest {
  const begun = job.progress["request"] as DuplicateRequest | undefined;
  return begun !== undefined && request.to === undefined && request.pool === undefined ? begun : request;
}

/** The body of the job: what it has begun with stands in its progress. `onBegin` is called when nothing stands in the way as far as the records tell. */
export async function copyVolume(
  parts: OperationParts,
  workshop: Workshop,
  source: VolumeRecord,
  request: DuplicateRequest,
  job: RunningJob,
  options: JobOptions,
  onBegin: () => void = () => undefined,
): Promise<{ readonly summary: string; readonly value: DuplicateOutcome }> {
  await (await workshop.mounts()).takeStock();
  const work = new DuplicateWork(parts, workshop, source, request, job, options.signal);
  // A wrong target is refused before anything moves.
  work.look();
  job.saveProgress({ targets: work.begun, request });
  onBegin();
  const { spool, close } = openRestoreSpool(parts, job.id);
  const observer = new LiveProgress(parts.state.jobsPath).alongside(options.observer, parts.clock);
  const meter = new ProgressMeter(job.id, parts.clock, observer, () => spool.usedBytes / spool.maxBytes);
  try {
    const { catalog, inventory, clock } = parts;
    const duplicateParts: DuplicateParts = {
      catalog, inventory, clock, spool, source,
      targets: () => work.begun,
      writer: () => work.writer(),
      open: async (volume) => await (await workshop.mounts()).open(volume),
      sideBySide: await work.isSideBySide(),
      isDriveAwaited: () => workshop.libraries().some(({ isAwaited }) => isAwaited),
      isElsewhere: isVolumeAside,
    };
    return await runDuplicate(duplicateParts, job, meter, options.signal);
  } finally {
    close();
  }
}

/** The writing side of one duplicate: its volumes, and the writer that keeps to them. */
class DuplicateWork {
  readonly #parts: OperationParts;
  readonly #workshop: Workshop;
  readonly #source: VolumeRecord;
  readonly #request: DuplicateRequest;
  readonly #job: RunningJob;
  readonly #signal: AbortSignal;

  constructor(parts: OperationParts, workshop: Workshop, source: VolumeRecord, request: DuplicateRequest, job: RunningJob, signal: AbortSignal) {
    this.#parts = parts;
    this.#workshop = workshop;
    this.#source = source;
    this.#request = request;
    this.#job = job;
    this.#signal = signal;
  }

  get begun(): readonly string[] {
    return begunOf(this.#parts, this.#source, this.#request, this.#job);
  }

  look(): readonly Target[] {
    if (this.#wanted().length === 0) return [];
    return targetsFor(this.#parts, this.#source, this.#request, this.begun, this.#workshop.claims);
  }

  /** There is a drive for each side, or one of them is a folder. */
  async isSideBySide(): Promise<boolean> {
    const kinds = [this.#source.barcode, ...this.look().slice(0, 1).map(barcodeOf)].map((barcode) => this.#parts.inventory.cartridge(barcode)?.kind);
    if (kinds.includes("folder")) return true;
    let drives = 0;
    for (const library of this.#workshop.libraries()) {
      const { elements } = await library.inventory();
      drives += elements.filter(({ kind }) => kind === "drive").length;
    }
    return drives > 1;
  }

  writer(): PoolWriter {
    const { inventory, clock } = this.#parts;
    const pool = namedPool(configOf(this.#parts), targetPoolOf(this.#parts, this.#source, this.#request));
    const job = this.#job;
    const quarantined = ({ barcode }: { readonly barcode: string }, { code, message }: StrongroomError): void => {
      job.note("err", code, `cartridge ${barcode} is put aside: ${message}`);
    };
    const mounts = () => this.#workshop.mounts(pool);
    return new PoolWriter({
      pool: pool.name,
      inventory,
      clock,
      signal: this.#signal,
      nextVolume: async (exhausted) => await this.#next(exhausted, quarantined),
      reopen: async (volume) => await reopenVolume(poolFacts(pool), volume, await mounts(), inventory, quarantined),
      unclosedVolume: async (exhausted) => {
        const unclosed = this.#volumes().find(({ uuid, state, sessionOpen }) => state === "open" && sessionOpen && !exhausted.has(uuid));
        return unclosed && (await reopenVolume(poolFacts(pool), unclosed, await mounts(), inventory, quarantined));
      },
      unsyncedBytes: this.#workshop.spool().unsyncedBytes,
      trailerReserveBytes: async (volume, unrecorded) => (await this.#maker(unrecorded)).reserveBytes(volume, unrecorded),
      makeTrailer: async (volume, remainingBytes) => await (await this.#maker([])).make(volume, remainingBytes),
      left: () => undefined,
      failed: ({ barcode }, { code, message }) => { job.note("err", code, `cartridge ${barcode} is closed for writing, what is on it stays in use: ${message}`); },
      recovering: (remedy, volume, { code, message }) => {
        if (remedy !== "ask") job.note("warn", code, `writing ${volume?.barcode ?? "the duplicate"} is tried again: ${message}`);
      },
      request: (error) => Promise.reject(error),
      requestMet: () => undefined,
    });
  }

  #volumes(): readonly VolumeRecord[] {
    return this.begun.flatMap((uuid) => this.#parts.inventory.volume(uuid) ?? []);
  }

  #wanted(): ReturnType<typeof wantedOf> {
    const { catalog, inventory } = this.#parts;
    return wantedOf({ catalog, inventory, source: this.#source, targets: () => this.begun });
  }

  async #next(exhausted: ReadonlySet<string>, quarantined: Parameters<typeof reopenVolume>[4]): Promise<OpenedVolume> {
    const { inventory } = this.#parts;
    const pool = namedPool(configOf(this.#parts), targetPoolOf(this.#parts, this.#source, this.#request));
    const { to } = this.#request;
    const named = to === undefined ? undefined : inventory.volumeOn(to);
    if (named && exhausted.has(named.uuid)) throw this.#targetEnded(named.barcode);
    for (const target of this.look()) {
      if (target.kind === "volume" && exhausted.has(target.volume.uuid)) continue;
      const mounts = await this.#workshop.mounts(pool);
      const opened = target.kind === "volume"
        ? await reopenVolume(poolFacts(pool), target.volume, mounts, inventory, quarantined)
        : await this.#label(target, pool.name, quarantined);
      if (!opened) continue;
      if (to !== undefined) await this.#refuseTooSmall(opened);
      if (!this.begun.includes(opened.volume.uuid)) this.#job.saveProgress({ targets: [...this.begun, opened.volume.uuid] });
      return opened;
    }
    if (to !== undefined) throw this.#targetEnded(to);
    throw new StrongroomError("operator", "NO_TARGET_LEFT", `pool ${pool.name} has no blank cartridge that a duplicate could go to; what was copied so far is safe`, {
      hint: "put a blank cartridge into a mail slot, run: strongroom library import, and run the same command again",
    });
  }

  async #label({ cartridge }: Extract<Target, { kind: "blank" }>, poolName: string, quarantined: Parameters<typeof reopenVolume>[4]): Promise<OpenedVolume | undefined> {
    const pool = namedPool(configOf(this.#parts), poolName);
    const { claims } = this.#workshop;
    claims.add(cartridge.barcode);
    try {
      return await labelScratch(poolFacts(pool), cartridge, await this.#workshop.mounts(pool), await this.#workshop.labelParts(), quarantined);
    } finally {
      claims.delete(cartridge.barcode);
    }
  }

  /** Of a cartridge that was named nothing may have to go to another one: that is found out before anything is copied. */
  async #refuseTooSmall(opened: OpenedVolume): Promise<void> {
    const wanted = this.#wanted();
    const neededBytes = wanted.reduce((sum, { segment }) => sum + segment.facts!.sealedBytes + (segment.sealText?.length ?? 0), 0);
    const ids = wanted.map(({ segment }) => segment.id);
    const reserveBytes = (await this.#maker(ids)).reserveBytes(opened.volume, ids);
    const { totalBytes } = await opened.medium.capacity();
    // What an interrupted run left behind the last recorded object is written over.
    const roomBytes = totalBytes - opened.volume.bytesWritten;
    if (roomBytes >= neededBytes + reserveBytes) return;
    await opened.release();
    const { barcode } = opened.volume;
    const what = `cartridge ${barcode} has room for ${formatBytes(roomBytes)}, what is to be copied needs ${formatBytes(neededBytes + reserveBytes)}`;
    throw new StrongroomError("failed", "TARGET_TOO_SMALL", `${what}; no copy was written`, {
      hint: `use a larger one, or leave --to out: --pool ${opened.volume.pool} goes on with the next cartridge where one is full`,
    });
  }

  #targetEnded(barcode: string): StrongroomError {
    return new StrongroomError("operator", "TARGET_ENDED", `cartridge ${barcode} takes no more of the duplicate; what was copied to it so far is safe`, {
      hint: `go on with another one: strongroom volume duplicate ${this.#source.barcode} --to BARCODE`,
    });
  }

  /** The log of a trailer names a snapshot: that of the last segment there is. */
  async #maker(unrecorded: readonly number[]): Promise<TrailerMaker> {
    const { catalog, inventory, clock, random, journal } = this.#parts;
    const last = unrecorded.at(-1) ?? this.#volumes().flatMap(({ uuid }) => inventory.copiesOnVolume(uuid)).at(-1)?.segmentId ?? inventory.copiesOnVolume(this.#source.uuid).at(-1)!.segmentId;
    const { archive, snapshot } = catalog.snapshotById(catalog.segment(last)!.snapshotId)!;
    const keys = await this.#workshop.keys();
    const folder = join(this.#parts.state.path, "sessions");
    makeFolder(folder);
    return new TrailerMaker({
      catalog, inventory, clock, folder, archive, snapshot,
      identity: await this.#workshop.identity(),
      sealing: { random, makeSessionKey: () => keys.makeSessionKey() },
      events: () => journal.events(this.#job.id),
      records: () => recordsLines(catalog, inventory, configOf(this.#parts)),
      jobs: () => jobLines(journal),
    });
  }
}
