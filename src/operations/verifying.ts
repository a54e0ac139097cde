import { resolve } from "node:path";
import { type ReadableVolume, runVerify, type VerifyMethod } from "../jobs/index.ts";
import type { VolumeRecord } from "../records/index.ts";
import { asStrongroomError, type Severity, StrongroomError, worst } from "../words/index.ts";
import type { Identity, MountedMedium } from "../work/mount/index.ts";
import { isInReach } from "../work/place/index.ts";
import { placeOf, verifyParts } from "./checking.ts";
import type { DueVolume, JobOptions, MendResult, VerifyManner, VerifyManyResult, VerifyRequest, VerifyResult, VolumePlace } from "./contract.ts";
import { LiveProgress } from "./live-progress.ts";
import { archivesWithBadCopies, mendArchive } from "./mending.ts";
import { namedPool } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { ProgressMeter } from "./progress.ts";
import type { Workshop } from "./workshop.ts";

const dayMs = 24 * 3600 * 1000;

export type MountAt = (where: VolumePlace) => Promise<MountedMedium>;

/** Reads one volume back. Copies that turn out bad are made anew from good ones by a job of their own, where there are such. */
export async function verifyOne(
  parts: OperationParts,
  workshop: Workshop,
  mountAt: MountAt,
  request: VerifyRequest,
  options: JobOptions,
): Promise<VerifyResult> {
  const subject = "folder" in request ? resolve(request.folder) : request.barcode;
  const method = methodOf(parts, request);
  let volume: VolumeRecord | undefined;
  const outcome = await workshop.runJob({ kind: "volume verify", subject, resumable: "once-begun" }, options.observer, async (job) => {
    const observer = new LiveProgress(parts.state.jobsPath).alongside(options.observer, parts.clock);
    const meter = new ProgressMeter(job.id, parts.clock, observer);
    const open = async (): Promise<ReadableVolume> => {
      const on = await openAt(parts, workshop, mountAt, request, subject);
      volume = on.volume;
      return on;
    };
    const onStart = (totalBytes: number | undefined): void => { meter.stage("verifying", totalBytes, undefined); };
    const onBytes = (countBytes: number): void => { meter.bytes(countBytes); };
    return await runVerify(await verifyParts(parts, workshop), { method, open, onStart, onBytes, signal: options.signal }, job);
  });
  const mends = volume ? await mendAfter(parts, workshop, volume, options) : [];
  return { job: outcome.job, severity: outcome.severity, summary: outcome.summary, ...outcome.value, mends };
}

function methodOf(parts: OperationParts, { sample, quick }: VerifyRequest): VerifyMethod {
  if (quick === true) return { kind: "quick" };
  if (!sample) return { kind: "full" };
  return { kind: "sample", share: sample.share, seed: sample.seed ?? drawnSeed(parts) };
}

function drawnSeed({ random }: OperationParts): number {
  const bytes = Buffer.alloc(4);
  random(bytes);
  return bytes.readUInt32BE(0);
}

async function openAt(
  parts: OperationParts,
  workshop: Workshop,
  mountAt: MountAt,
  where: VolumePlace,
  subject: string,
): Promise<ReadableVolume> {
  const mounted = await mountAt(where);
  try {
    const { medium } = mounted;
    const found = await (await workshop.mounts()).identify(medium);
    if (found.kind === "blank") throw new StrongroomError("missing", "MEDIUM_BLANK", `${subject} is blank: there is nothing to verify`);
    const volume = recordedVolume(parts, medium.barcode, found);
    const place = "folder" in where ? subject : placeOf(parts, medium.barcode);
    return { ...mounted, volume, place };
  } catch (error) {
    await mounted.release();
    throw error;
  }
}

/** The records count only for the very volume that is on the medium. */
function recordedVolume(parts: OperationParts, barcode: string, found: Identity): VolumeRecord | undefined {
  const byLabel = parts.inventory.volumeOn(barcode);
  if (found.kind !== "volume") return byLabel;
  return parts.inventory.volume(found.description.volumeUuid) ?? byLabel;
}

/** What cannot be made anew now is said in that job, which waits for the next try: the verdict of the verification stands all the same. */
async function mendAfter(parts: OperationParts, workshop: Workshop, volume: VolumeRecord, options: JobOptions): Promise<readonly MendResult[]> {
  const mends: MendResult[] = [];
  for (const archive of archivesWithBadCopies(parts, volume.uuid)) {
    try {
      mends.push(await mendArchive(parts, workshop, archive, { onlyBad: true, waitMs: 0 }, options));
    } catch (error) {
      if (options.signal.aborted || asStrongroomError(error).kind === "internal") throw error;
    }
  }
  return mends;
}

/** The volumes whose pool wants them verified by now, the longest neglected first. */
export function dueVolumes(parts: OperationParts, pool: string | undefined): readonly DueVolume[] {
  const { inventory, verifications, clock } = parts;
  const pools = new Map(configOf(parts).pools.map(({ name, verifyEveryDays }) => [name, verifyEveryDays]));
  const nowMs = clock.nowMs();
  return verifications.oldestChecks().flatMap(({ volumeUuid, oldestMs }) => {
    const volume = inventory.volume(volumeUuid);
    const everyDays = volume && pools.get(volume.pool);
    if (!volume || everyDays === undefined || (pool !== undefined && volume.pool !== pool)) return [];
    const dueMs = oldestMs + everyDays * dayMs;
    return dueMs > nowMs ? [] : [{ barcode: volume.barcode, pool: volume.pool, oldestMs, dueMs, inReach: isInReach(inventory.cartridge(volume.barcode)) }];
  });
}

/**
 * Reads volumes back one after the other, each as a job of its own: all of a pool, or what is due. When the time is over, the one under way stops at a
 * safe point and is the first of the next time. A volume that is out of reach, or fails, does not keep the others from being read.
 */
export async function verifyMany(
  parts: OperationParts,
  workshop: Workshop,
  mountAt: MountAt,
  request: { readonly pool: string | undefined; readonly dueOnly: boolean; readonly forMs: number | undefined } & VerifyManner,
  options: JobOptions,
): Promise<VerifyManyResult> {
  if (request.pool !== undefined) namedPool(configOf(parts), request.pool);
  await (await workshop.mounts()).takeStock();
  const wanted = request.dueOnly ? dueVolumes(parts, request.pool) : volumesOf(parts, request.pool);
  const endMs = parts.clock.monotonicMs() + (request.forMs ?? Number.POSITIVE_INFINITY);
  const timeOver = new AbortController();
  const isOver = (): boolean => timeOver.signal.aborted || parts.clock.monotonicMs() >= endMs;
  const waiting = new AbortController();
  const signal = AbortSignal.any([options.signal, timeOver.signal]);
  if (request.forMs !== undefined) {
    void parts.clock.sleep(request.forMs, waiting.signal).then(() => { timeOver.abort(); }, () => undefined);
  }
  const results: VerifyResult[] = [];
  const failed: { barcode: string; code: string; text: string }[] = [];
  const left: string[] = [];
  try {
    for (const { barcode, inReach } of wanted) {
      if (!inReach || isOver()) {
        left.push(barcode);
        continue;
      }
      try {
        results.push(await verifyOne(parts, workshop, mountAt, { barcode, ...mannerOf(request) }, { ...options, signal }));
      } catch (error) {
        options.signal.throwIfAborted();
        const known = asStrongroomError(error);
        if (signal.aborted && isOver()) left.push(barcode);
        else if (known.kind === "internal") throw error;
        else failed.push({ barcode, code: known.code, text: known.message });
      }
    }
  } finally {
    waiting.abort();
  }
  const severity = results.reduce<Severity>((before, result) => worst(before, result.severity), failed.length > 0 ? "err" : "ok");
  return { severity, results, failed, left };
}

function mannerOf({ sample, quick }: VerifyManner): VerifyManner {
  return { ...(sample ? { sample } : {}), ...(quick === undefined ? {} : { quick }) };
}

function volumesOf(parts: OperationParts, pool: string | undefined): readonly { readonly barcode: string; readonly inReach: boolean }[] {
  const { inventory, verifications } = parts;
  return verifications.oldestChecks().flatMap(({ volumeUuid }) => {
    const volume = inventory.volume(volumeUuid);
    if (!volume || (pool !== undefined && volume.pool !== pool)) return [];
    return [{ barcode: volume.barcode, inReach: isInReach(inventory.cartridge(volume.barcode)) }];
  });
}
