import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type RebuildOutcome, runRebuild, type VolumePlaceFound } from "../jobs/index.ts";
import type { NewArchive, NewPool } from "../records/index.ts";
import { asStrongroomError, StrongroomError, uuid } from "../words/index.ts";
import type { MountedMedium, Mounts } from "../work/mount/index.ts";
import type { JobOptions, RebuildRequest, RebuildResult } from "./contract.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { unlockedKey } from "./private-key.ts";
import { ProgressMeter } from "./progress.ts";
import { Workshop } from "./workshop.ts";

/** Of a rebuild in its draft; putting it in the place of the old records is the caller's. */
export type RebuiltRecords = Omit<RebuildResult, "oldRecords">;

/**
 * Fills the records of `parts`, which are a draft, from the volumes. `folder` keeps what was read until then, so that the same call goes on.
 */
export async function rebuildRecords(parts: OperationParts, folder: string, request: RebuildRequest, options: JobOptions): Promise<RebuiltRecords> {
  const workshop = new Workshop(parts);
  try {
    const key = await unlockedKey(request, parts.clock);
    const identity = await workshop.identity();
    const mounts = await workshop.mounts();
    await mounts.takeStock();
    const outcome = await workshop.runJob({ kind: "appliance rebuild", subject: identity.name, resumable: true }, options.observer, async (job) => {
      const meter = new ProgressMeter(job.id, parts.clock, options.observer);
      return await runRebuild({
        catalog: parts.catalog,
        inventory: parts.inventory,
        clock: parts.clock,
        applianceUuid: identity.uuid,
        keys: [key],
        verify: identity.verify,
        folder,
        places: placesToRead(parts, request.from),
        pool: request.pool,
        withoutMissing: request.withoutMissing || request.pool !== undefined || request.from.length > 0,
        mount: (place) => mountAt(parts, mounts, place),
        identify: ({ medium }) => mounts.identify(medium),
      }, job, meter, options.signal);
    });
    // Reading has moved the cartridges: the records are to say where they are now.
    await mounts.takeStock();
    const { records, pastJobs, ...value } = outcome.value;
    const number = parts.journal.addPastJobs(pastJobs).get(outcome.job.id) ?? outcome.job.id;
    const restoredPolicies = restorePolicies(parts, records);
    nameNewArchives(parts);
    return { job: parts.journal.job(number)!, severity: outcome.severity, summary: outcome.summary, ...value, restoredPolicies };
  } finally {
    await workshop.close();
  }
}

/** Every tape in a library, and every folder that the configuration knows; or what was named. */
function placesToRead(parts: OperationParts, from: readonly string[]): readonly VolumePlaceFound[] {
  const tapes = parts.inventory.cartridges().filter(({ kind, place }) => kind === "tape" && place.startsWith("library "));
  const tape = (barcode: string): VolumePlaceFound => ({ name: barcode, kind: "tape", place: parts.inventory.cartridge(barcode)?.place ?? "unknown" });
  const folder = (path: string): VolumePlaceFound => ({ name: resolve(path), kind: "folder", place: resolve(path) });
  if (from.length > 0) return from.map((one) => (parts.inventory.cartridge(one) ? tape(one) : folder(one)));
  const folders = configOf(parts).pools.flatMap((pool) => pool.folders ?? []).filter((path) => existsSync(path));
  return [...tapes.map(({ barcode }) => tape(barcode)), ...folders.map(folder)];
}

async function mountAt(parts: OperationParts, mounts: Mounts, { kind, name, place }: VolumePlaceFound): Promise<MountedMedium> {
  const cartridge = parts.inventory.cartridge(name);
  if (kind === "tape" && cartridge) return await mounts.mount(cartridge);
  if (existsSync(place)) return await mounts.mountFolder(place, "FOLDER");
  throw new StrongroomError("missing", "NO_SUCH_PLACE", `${name} is no cartridge in a library and no folder; the old records are as they were`, {
    hint: "see: strongroom library show; a folder is named by its path",
  });
}

/** Adds what config.json lost; what it has stays as it is. One that does not fit any more is left to a person. */
function restorePolicies(parts: OperationParts, records: RebuildOutcome["records"]): readonly string[] {
  const restored: string[] = [];
  const attempt = (what: string, add: () => void): void => {
    try {
      add();
      restored.push(what);
    } catch (thrown) {
      if (asStrongroomError(thrown).kind === "internal") throw thrown;
    }
  };
  const known = configOf(parts);
  for (const line of records) {
    if (line.line !== "pool" || known.pools.some(({ name }) => name === line.name)) continue;
    attempt(`pool ${line.name}`, () => { parts.configStore.addPool(line.policy as unknown as NewPool); });
  }
  for (const line of records) {
    if (line.line !== "archive" || line.policy === undefined || known.archives.some(({ name }) => name === line.name)) continue;
    attempt(`archive ${line.name}`, () => { parts.configStore.addArchive(line.policy as unknown as NewArchive); });
  }
  return restored;
}

/** Archives that were made after the last trailer was written: no volume has anything of them, so nothing is lost by a new identity. */
function nameNewArchives({ catalog, random, ...parts }: OperationParts): void {
  for (const { name } of parts.configStore.load().archives) if (!catalog.archive(name)) catalog.createArchive(name, uuid(random));
}

/** The name of the folder, below the state folder, where a rebuild keeps its draft. */
export function rebuildFolder(statePath: string): string {
  return join(statePath, "rebuild");
}
