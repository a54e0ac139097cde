import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { runRestore } from "../jobs/index.ts";
import type { ArchiveRecord, FoundEntry, VolumeRecord } from "../records/index.ts";
import { isInReach } from "../work/place/index.ts";
import { planRecall, Selection } from "../work/recall/index.ts";
import { LiveProgress } from "./live-progress.ts";
import type { FileOperations, FoundFile, RecallInfo, RestoreRequest } from "./contract.ts";
import { namedSnapshot, recordedArchive } from "./named.ts";
import type { OperationParts } from "./parts.ts";
import { unlockedKey } from "./private-key.ts";
import { ProgressMeter } from "./progress.ts";
import { operatorRequests } from "./requests.ts";
import { openRestoreSpool } from "./restore-spool.ts";
import type { Workshop } from "./workshop.ts";

export function fileOperations(parts: OperationParts, workshop: Workshop): FileOperations {
  const { catalog, inventory } = parts;
  const findOptions = (archive: string | undefined, limit: number): { limit: number; archive?: ArchiveRecord } =>
    archive === undefined ? { limit } : { limit, archive: recordedArchive(parts, archive) };
  return {
    find: ({ pattern, archive, limit }) => named(parts, catalog.findName(pattern, findOptions(archive, limit))),
    findPrefix: ({ prefix, archive, limit }) => named(parts, catalog.findPrefix(prefix, findOptions(archive, limit))),
    history: (archive, path) => named(parts, catalog.history(recordedArchive(parts, archive), path)),
    recallPlan: async (request) => {
      if (parts.keys.current("signing")) await (await workshop.mounts()).takeStock();
      return recallInfo(parts, request);
    },
    restore: async (request, options) => {
      const archive = recordedArchive(parts, request.archive);
      const snapshot = namedSnapshot(parts, archive, request.snapshot);
      const key = await unlockedKey(request, parts.clock);
      const directory = resolve(request.target);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const mounts = await workshop.mounts();
      await mounts.takeStock();
      const what = { kind: "file restore", subject: `${archive.name} to ${directory}`, resumable: false };
      const outcome = await workshop.runJob(what, options.observer, async (job) => {
        const { spool, close } = openRestoreSpool(parts, job.id);
        const meter = new ProgressMeter(job.id, parts.clock, new LiveProgress(parts.state.jobsPath).alongside(options.observer, parts.clock), () => spool.usedBytes / spool.maxBytes);
        const restoreParts = {
          catalog,
          inventory,
          spool,
          key,
          target: { directory, existing: request.whenExists, owners: request.owners },
          selection: { archive, snapshot: snapshot.number, paths: request.paths },
          includeDamaged: request.includeDamaged,
          requests: operatorRequests(parts, workshop, job, request.waitMs ?? 0),
          takeStock: () => mounts.takeStock(),
          isInReach: ({ barcode }: { readonly barcode: string }) => isInReach(inventory.cartridge(barcode)),
          openVolume: (volume: VolumeRecord) => mounts.open(volume),
        };
        return await runRestore(restoreParts, job, meter, options.signal).finally(close);
      });
      return { job: outcome.job, severity: outcome.severity, summary: outcome.summary, ...outcome.value };
    },
  };
}

function* named(parts: OperationParts, rows: Iterable<FoundEntry>): Generator<FoundFile> {
  const names = new Map(parts.catalog.archives().map(({ id, name }) => [id, name]));
  for (const row of rows) yield { ...row, archive: names.get(row.archiveId) ?? "" };
}

function recallInfo(parts: OperationParts, request: Pick<RestoreRequest, "archive" | "snapshot" | "paths">): RecallInfo {
  const { catalog, inventory } = parts;
  const archive = recordedArchive(parts, request.archive);
  const snapshot = namedSnapshot(parts, archive, request.snapshot);
  const selection = new Selection(catalog, { archive, snapshot: snapshot.number, paths: request.paths });
  const plan = planRecall(inventory, selection.segmentIds, ({ barcode }) => isInReach(inventory.cartridge(barcode)));
  return {
    entries: selection.entries,
    contentBytes: selection.contentBytes,
    volumes: plan.visits.map(({ volume, copies, inReach }) => ({
      barcode: volume.barcode,
      place: inventory.cartridge(volume.barcode)?.place ?? "unknown",
      pool: volume.pool,
      segments: copies.length,
      inReach,
    })),
    lostSegments: plan.lostSegmentIds.length,
  };
}
