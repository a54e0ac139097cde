import { type DuplicateOutcome, runVerify, type RunningJob, wantedOf } from "../jobs/index.ts";
import type { VolumeRecord } from "../records/index.ts";
import { StrongroomError } from "../words/index.ts";
import type { Finding } from "../work/verify/index.ts";
import { placeOf, verifyParts } from "./checking.ts";
import type { JobOptions } from "./contract.ts";
import type { DuplicateRequest, MigrateResult } from "./duplicate-contract.ts";
import { targetPoolOf } from "./duplicate-targets.ts";
import { begunOf, copyVolume, requestOf, sourceOf } from "./duplicating.ts";
import { LiveProgress } from "./live-progress.ts";
import type { OperationParts } from "./parts.ts";
import { ProgressMeter } from "./progress.ts";
import type { Workshop } from "./workshop.ts";

type Migrated = DuplicateOutcome & { readonly findings: readonly Finding[]; readonly retired: boolean };

/**
 * Copies a volume, reads the copies back whole, and only when each of them is as it was sealed retires the old volume. From the beginning on nothing more is written on the old one; until it is
 * retired it counts as ever.
 */
export async function migrateVolume(parts: OperationParts, workshop: Workshop, request: DuplicateRequest, options: JobOptions): Promise<MigrateResult> {
  const source = sourceOf(parts, request.barcode);
  targetPoolOf(parts, source, request);
  const what = { kind: "volume migrate", subject: source.barcode, resumable: "once-begun" } as const;
  const outcome = await workshop.runJob(what, options.observer, async (job) => {
    const wanted = requestOf(request, job);
    const copied = await copyVolume(parts, workshop, source, wanted, job, options, () => { closeFor(parts, source); });
    if (copied.value.leftOut > 0) return { summary: `${copied.summary}; it is not retired`, value: { ...copied.value, findings: [], retired: false } };
    const findings = await proveAll(parts, workshop, source, wanted, job, options);
    retire(parts, source, begunOf(parts, source, wanted, job));
    job.note("ok", "VOLUME_RETIRED", `volume ${source.barcode} is retired: all that was on it is on ${copied.value.volumes.join(", ")}, read back as it was sealed`);
    const value: Migrated = { ...copied.value, findings, retired: true };
    return { summary: `${copied.summary}; read back as sealed, and the old volume is retired`, value };
  });
  return { job: outcome.job, severity: outcome.severity, summary: outcome.summary, ...outcome.value };
}

/** What came onto it from now on would not be on the new ones. */
function closeFor({ inventory }: OperationParts, { uuid }: VolumeRecord): void {
  if (inventory.volume(uuid)?.state === "open") inventory.updateVolume(uuid, { state: "full" });
}

/** Reads each new volume whole; what an earlier run of the job has proven is not read again. */
async function proveAll(
  parts: OperationParts,
  workshop: Workshop,
  source: VolumeRecord,
  request: DuplicateRequest,
  job: RunningJob,
  options: JobOptions,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const sinceMs = parts.journal.job(job.id)!.startedMs;
  const observer = new LiveProgress(parts.state.jobsPath).alongside(options.observer, parts.clock);
  const meter = new ProgressMeter(job.id, parts.clock, observer);
  for (const uuid of begunOf(parts, source, request, job)) {
    const volume = parts.inventory.volume(uuid)!;
    if ((volume.verifiedMs ?? 0) >= sinceMs) continue;
    const verified = await runVerify(await verifyParts(parts, workshop), {
      method: { kind: "full" },
      open: async () => ({ ...(await (await workshop.mounts()).open(volume)), place: placeOf(parts, volume.barcode) }),
      onStart: (totalBytes) => { meter.stage("verifying", totalBytes, undefined); },
      onBytes: (countBytes) => { meter.bytes(countBytes); },
      signal: options.signal,
    }, job);
    findings.push(...verified.value.findings);
  }
  return findings;
}

/** In one transaction with the last look: whatever came onto the old volume meanwhile, or stopped counting on the new ones, keeps it as it is. */
function retire(parts: OperationParts, source: VolumeRecord, targets: readonly string[]): void {
  const { inventory, catalog } = parts;
  inventory.atomically(() => {
    const missing = wantedOf({ catalog, inventory, source, targets: () => targets }).length;
    const unproven = inventory.copiesOnVolume(source.uuid).filter(({ segmentId }) =>
      !inventory.copiesOfSegment(segmentId).some(({ volumeUuid, state, doubted }) => targets.includes(volumeUuid) && state === "verified" && !doubted)).length;
    if (missing > 0 || unproven > 0) throw notProven(source, Math.max(missing, unproven));
    inventory.updateVolume(source.uuid, { state: "retired" });
    const cartridge = inventory.cartridge(source.barcode);
    if (cartridge) inventory.putCartridge({ ...cartridge, state: "retired" });
  });
}

function notProven({ barcode }: VolumeRecord, count: number): StrongroomError {
  const what = `${String(count)} ${count === 1 ? "copy" : "copies"} of what is on volume ${barcode} could not be read back as sealed`;
  return new StrongroomError("mismatch", "MIGRATION_NOT_PROVEN", `${what}; the volume is not retired, and stays in use`, {
    hint: "run the same command again: what is missing is copied anew",
  });
}
