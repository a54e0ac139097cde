import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { UnlockedKey } from "../../formats/openpgp/index.ts";
import type { RecordsLine, VerifyText } from "../../formats/volume/index.ts";
import { type Catalog, type Inventory, makeFolder, type PastJob, replaceFile, syncFolder } from "../../records/index.ts";
import { type Clock, StrongroomError } from "../../words/index.ts";
import type { Identity, MountedMedium } from "../../work/mount/index.ts";
import { fillArchive, fillInventory, type FoundVolume, gatherJobs, gatherKnowledge, gatherLeftOut, newestRecords, surveyVolume } from "../../work/rebuild/index.ts";
import type { RunningJob } from "../runner.ts";

/** A place where a volume may be. */
export interface VolumePlaceFound {
  /** What people call it: a barcode, or the path of a folder. */
  readonly name: string;
  readonly kind: "tape" | "folder";
  readonly place: string;
}

export interface RebuildParts {
  readonly catalog: Catalog;
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly applianceUuid: string;
  readonly keys: readonly UnlockedKey[];
  readonly verify: VerifyText;
  /** What the rebuild keeps while it is not done. */
  readonly folder: string;
  /** Where to look, in this order. */
  readonly places: readonly VolumePlaceFound[];
  /** Only volumes of this pool. */
  readonly pool: string | undefined;
  /** Finish although volumes that once were are not among those that were read. */
  readonly withoutMissing: boolean;
  mount(place: VolumePlaceFound): Promise<MountedMedium>;
  identify(mounted: MountedMedium): Promise<Identity>;
}

export interface RebuildReport {
  readonly stage: (name: string, totalBytes: number | undefined, totalEntries: number | undefined) => void;
  readonly bytes: (countBytes: number) => void;
  readonly entries: (count: number) => void;
  readonly cartridge: (barcode: string, fill: number) => void;
}

export interface RebuildOutcome {
  readonly volumes: readonly string[];
  /** Volumes that once were and were not read. */
  readonly missing: readonly string[];
  readonly archives: number;
  readonly snapshots: number;
  readonly segments: number;
  readonly leftOut: readonly { readonly archive: string; readonly snapshot: number; readonly why: string }[];
  /** What the newest volume says of policies, for whoever has to write the configuration anew. */
  readonly records: readonly RecordsLine[];
  /** What the appliance did before, as far as the volumes tell. */
  readonly pastJobs: readonly PastJob[];
}

/**
 * New records out of the volumes alone: each is read once, its findings kept in a file, so that the same command goes on after any interruption;
 * then everything is written down, archive by archive.
 */
export async function runRebuild(
  parts: RebuildParts,
  job: RunningJob,
  report: RebuildReport,
  signal: AbortSignal,
): Promise<{ readonly summary: string; readonly value: RebuildOutcome }> {
  const sessionsPath = join(parts.folder, "sessions");
  makeFolder(sessionsPath);
  const reading = new VolumeReading(parts, sessionsPath, job, report, signal);
  await reading.read(parts.places);
  const onProblem = (text: string): void => { job.note("warn", "REBUILD_PROBLEM", text); };
  let records = await newestRecords(reading.found, sessionsPath, parts.keys, onProblem);
  // Volumes in folders that nobody named are known by the others.
  await reading.read(foldersIn(records, reading.found));
  if (reading.found.length === 0) throw nothingFound(parts.places);
  records = await newestRecords(reading.found, sessionsPath, parts.keys, onProblem);
  const missing = missingVolumes(records, reading.found, parts.pool);
  if (missing.length > 0 && !parts.withoutMissing) throw volumesMissing(missing);
  if (missing.length > 0) job.note("warn", "VOLUMES_MISSING", `the records are made without ${missing.join(", ")}: what is on them alone is not in the records`);
  const filled = await fill(parts, reading.found, records, sessionsPath, { job, report, signal, onProblem });
  const pastJobs = await gatherJobs(sessionsPath, parts.keys, onProblem);
  const volumes = reading.found.map(({ barcode }) => barcode);
  return {
    summary: `records made anew from ${counted(volumes.length, "volume")}: ${counted(filled.archives, "archive")}, ${counted(filled.snapshots, "snapshot")}, ${counted(filled.segments, "segment")}`,
    value: { volumes, missing, ...filled, records, pastJobs },
  };
}

const findingsName = /^volume-[0-9a-f-]{36}\.json$/;

class VolumeReading {
  readonly #parts: RebuildParts;
  readonly #sessionsPath: string;
  readonly #job: RunningJob;
  readonly #report: RebuildReport;
  readonly #signal: AbortSignal;
  readonly #found = new Map<string, FoundVolume>();
  readonly #read = new Set<string>();

  constructor(parts: RebuildParts, sessionsPath: string, job: RunningJob, report: RebuildReport, signal: AbortSignal) {
    this.#parts = parts;
    this.#sessionsPath = sessionsPath;
    this.#job = job;
    this.#report = report;
    this.#signal = signal;
    for (const volume of keptFindings(parts.folder)) {
      this.#found.set(volume.volumeUuid, volume);
      this.#read.add(volume.medium === "folder" ? volume.place : volume.barcode);
    }
  }

  get found(): readonly FoundVolume[] {
    return [...this.#found.values()];
  }

  async read(places: readonly VolumePlaceFound[]): Promise<void> {
    if (places.length === 0) return;
    this.#report.stage("reading volumes", undefined, places.length);
    for (const place of places) {
      this.#signal.throwIfAborted();
      if (!this.#read.has(place.name)) await this.#readOne(place);
      this.#read.add(place.name);
      this.#report.entries(1);
    }
  }

  async #readOne(place: VolumePlaceFound): Promise<void> {
    const mounted = await this.#parts.mount(place);
    try {
      const identity = await this.#parts.identify(mounted);
      if (identity.kind !== "volume") {
        this.#note(place, identity.kind === "blank" ? "is blank" : `holds ${identity.looksLike}`);
        return;
      }
      const { description, signature } = identity;
      if (description.appliance.uuid !== this.#parts.applianceUuid || signature !== "good") {
        this.#note(place, `holds a volume of ${description.appliance.name}, signed by a key that is not this appliance's`);
        return;
      }
      if (this.#parts.pool !== undefined && description.pool !== this.#parts.pool) return;
      this.#report.cartridge(description.barcode, 0);
      const surveyed = await surveyVolume({
        medium: mounted.medium,
        description,
        verify: this.#parts.verify,
        keys: this.#parts.keys,
        sessionsPath: this.#sessionsPath,
        onBytes: (countBytes) => { this.#report.bytes(countBytes); },
        onProblem: (text) => { this.#job.note("warn", "VOLUME_PROBLEM", text); },
        signal: this.#signal,
      });
      const volume = { ...surveyed, place: place.place, seenMs: this.#parts.clock.nowMs() };
      // Before the file that says that the volume need not be read again.
      syncFolder(this.#sessionsPath);
      replaceFile(join(this.#parts.folder, `volume-${volume.volumeUuid}.json`), JSON.stringify(volume));
      this.#found.set(volume.volumeUuid, volume);
    } finally {
      await mounted.release();
    }
  }

  #note({ name }: VolumePlaceFound, what: string): void {
    this.#job.note("note", "NOT_A_VOLUME_OF_OURS", `${name} ${what}: passed by`);
  }
}

/** What was read of volumes counts no more: a rebuild in this folder reads all of them. */
export function forgetFindings(folder: string): void {
  for (const name of readdirSync(folder)) if (findingsName.test(name)) rmSync(join(folder, name), { force: true });
}

/** Our own files: one that cannot be read was being written when the machine lost its power, and its volume is read again. */
function keptFindings(folder: string): readonly FoundVolume[] {
  const found: FoundVolume[] = [];
  for (const name of readdirSync(folder)) {
    if (!findingsName.test(name)) continue;
    try {
      found.push(JSON.parse(readFileSync(join(folder, name), "utf8")) as FoundVolume);
    } catch {
      rmSync(join(folder, name), { force: true });
    }
  }
  return found;
}

function foldersIn(records: readonly RecordsLine[], found: readonly FoundVolume[]): readonly VolumePlaceFound[] {
  const known = new Set(found.map(({ volumeUuid }) => volumeUuid));
  return records.flatMap((line) =>
    (line.line === "volume" && line.medium === "folder" && line.state !== "retired" && !known.has(line.volume) && existsSync(line.place)
      ? [{ name: line.place, kind: "folder", place: line.place } as const]
      : []));
}

function missingVolumes(records: readonly RecordsLine[], found: readonly FoundVolume[], pool: string | undefined): readonly string[] {
  const known = new Set(found.map(({ volumeUuid }) => volumeUuid));
  const barcodes = new Set(found.map(({ barcode }) => barcode));
  return records.flatMap((line) =>
    (line.line === "volume" && line.state !== "retired" && !known.has(line.volume) && !barcodes.has(line.barcode) && (pool === undefined || line.pool === pool)
      ? [line.barcode]
      : []));
}

interface Filling {
  readonly job: RunningJob;
  readonly report: RebuildReport;
  readonly signal: AbortSignal;
  readonly onProblem: (text: string) => void;
}

async function fill(
  { catalog, inventory, keys, verify }: RebuildParts,
  found: readonly FoundVolume[],
  records: readonly RecordsLine[],
  sessionsPath: string,
  { job, report, signal, onProblem }: Filling,
): Promise<Pick<RebuildOutcome, "archives" | "snapshots" | "segments" | "leftOut">> {
  const archives = await gatherKnowledge(found, sessionsPath, keys, verify, onProblem);
  const notTaken = await gatherLeftOut(sessionsPath, keys, onProblem);
  const total = [...archives.values()].reduce((sum, { snapshots }) => sum + [...snapshots.values()].reduce((count, { segments }) => count + segments.size, 0), 0);
  report.stage("writing records", undefined, total);
  fillInventory(inventory, found, records);
  const leftOut: RebuildOutcome["leftOut"][number][] = [];
  const closed = new Map(found.map(({ volumeUuid, newestTrailer }) => [volumeUuid, newestTrailer?.writtenMs]));
  for (const archive of archives.values()) {
    await fillArchive({
      catalog,
      inventory,
      keys,
      records,
      closedMs: (volumeUuid) => closed.get(volumeUuid),
      leftOut: notTaken,
      onSegment: () => { report.entries(1); },
      onLeftOut: (name, snapshot, why) => {
        leftOut.push({ archive: name, snapshot, why });
        job.note("warn", "SNAPSHOT_LEFT_OUT", `snapshot ${String(snapshot)} of ${name} is not in the new records: ${why}`);
      },
      signal,
    }, archive);
  }
  const made = catalog.archives();
  const snapshots = made.flatMap((archive) => catalog.snapshots(archive));
  const segments = snapshots.reduce((sum, snapshot) => sum + catalog.segments(snapshot).length, 0);
  // Archives that have no snapshot yet have their name and number all the same.
  for (const line of records) if (line.line === "archive" && !catalog.archive(line.name)) catalog.createArchive(line.name, line.archive);
  return { archives: catalog.archives().length, snapshots: snapshots.length, segments, leftOut };
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function volumesMissing(barcodes: readonly string[]): StrongroomError {
  return new StrongroomError("operator", "VOLUMES_MISSING", `volumes ${barcodes.join(", ")} were not read; what was read so far is kept, the old records are as they were`, {
    hint: "bring them and run the same command again, with --from DIR for one in a folder; or add --without-missing if they are lost for good",
  });
}

function nothingFound(places: readonly VolumePlaceFound[]): StrongroomError {
  const where = places.length === 0 ? "there is no place to look" : `${counted(places.length, "place")} looked at`;
  return new StrongroomError("missing", "NO_VOLUMES", `no volume of this appliance was found, ${where}; the old records are as they were`, {
    hint: "bring its cartridges to the library, or name what to read: --from BARCODE or --from DIR",
  });
}
