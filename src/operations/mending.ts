import { runMend } from "../jobs/index.ts";
import type { ArchiveRecord } from "../records/index.ts";
import { archiveRunParts } from "./archive-run.ts";
import type { JobOptions, MendResult } from "./contract.ts";
import { LiveProgress } from "./live-progress.ts";
import { knownVolume, namedArchive } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { ProgressMeter } from "./progress.ts";
import { operatorRequests } from "./requests.ts";
import type { Workshop } from "./workshop.ts";

export async function mendArchive(
  parts: OperationParts,
  workshop: Workshop,
  name: string,
  request: { readonly onlyBad: boolean; readonly waitMs: number; readonly without?: readonly string[] },
  options: JobOptions,
): Promise<MendResult> {
  const { config, record } = namedArchive(parts, name);
  const without = (request.without ?? []).map((barcode) => knownVolume(parts, barcode).uuid);
  // Whoever counts on it no more must not get new copies on it.
  for (const uuid of without) parts.inventory.closeVolume(uuid);
  const outcome = await workshop.runJob({ kind: "archive mend", subject: name, resumable: true }, options.observer, async (job) => {
    const requests = operatorRequests(parts, workshop, job, request.waitMs);
    const { runParts, spool } = await archiveRunParts(parts, workshop, config, record, job, requests);
    const observer = new LiveProgress(parts.state.jobsPath).alongside(options.observer, parts.clock);
    const meter = new ProgressMeter(job.id, parts.clock, observer, () => spool.usedBytes / spool.maxBytes);
    const open = async (volume: Parameters<Awaited<ReturnType<Workshop["mounts"]>>["open"]>[0]) => await (await workshop.mounts()).open(volume);
    return await runMend({ run: runParts, open, onlyBad: request.onlyBad, without }, job, meter, options.signal);
  });
  return { job: outcome.job, severity: outcome.severity, summary: outcome.summary, ...outcome.value };
}

/** Archives that still are configured and have a bad copy on that volume. */
export function archivesWithBadCopies(parts: OperationParts, volumeUuid: string): readonly string[] {
  const bad = new Set(parts.inventory.copiesOnVolume(volumeUuid).filter(({ state }) => state === "bad").map(({ segmentId }) => segmentId));
  if (bad.size === 0) return [];
  const configured = new Set(configOf(parts).archives.map(({ name }) => name));
  const holds = (archive: ArchiveRecord): boolean =>
    parts.catalog.snapshots(archive).some((snapshot) => snapshot.state === "complete" && parts.catalog.segments(snapshot).some(({ id }) => bad.has(id)));
  return parts.catalog.archives().filter((archive) => configured.has(archive.name) && holds(archive)).map(({ name }) => name);
}
