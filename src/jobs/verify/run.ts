import { asStrongroomError, formatBytes, severities, type Severity, StrongroomError, worst } from "../../words/index.ts";
import type { Finding } from "../../work/verify/index.ts";
import type { RunningJob } from "../runner.ts";
import { checkVolume, isFault } from "./check.ts";
import type { ReadableVolume, ReadMethod, VerifyMethod, VerifyParts } from "./parts.ts";
import { quickPass } from "./quick.ts";
import { sampleOf } from "./sample.ts";

export interface VerifyJobRequest {
  readonly method: VerifyMethod;
  /** Mounts the volume, as often as trouble with a drive asks for it. */
  open(): Promise<ReadableVolume>;
  readonly onStart: (totalBytes: number | undefined) => void;
  readonly onBytes: (countBytes: number) => void;
  readonly signal: AbortSignal;
}

export interface VerifyJobOutcome {
  readonly objects: number;
  readonly readBytes: number;
  readonly findings: readonly Finding[];
  /** How it was done: a quick one becomes a full one where the drive cannot do it. */
  readonly method: VerifyMethod["kind"];
}

/** How far an unfinished verification is, as its job keeps it. */
interface Saved {
  readonly volumeUuid: string | undefined;
  readonly verificationId: number | undefined;
  readonly method: ReadMethod;
  readonly fromObject: number;
  readonly only: readonly number[] | undefined;
  readonly objects: number;
  readonly readBytes: number;
  readonly worst: Severity;
}

/** So often in a row, without a segment read, is a drive given up for another try. */
const triesMax = 3;

/**
 * Reads one volume back as a job. What was checked is recorded as it goes; the same job, run again after any interruption, goes on behind the last segment that
 * was recorded. Trouble with a drive or the way to it leads to another try, in another drive where there is one, and is never held against the volume.
 */
export async function runVerify(
  parts: VerifyParts,
  request: VerifyJobRequest,
  job: RunningJob,
): Promise<{ readonly summary: string; readonly value: VerifyJobOutcome }> {
  const findings: Finding[] = [];
  for (let tries = 0; ; ) {
    const before = progressOf(job);
    const on = await request.open();
    try {
      return request.method.kind === "quick"
        ? await quickly(parts, request, job, on, findings)
        : await readBack(parts, { ...request, method: request.method }, job, on, findings);
    } catch (error) {
      const known = asStrongroomError(error);
      if (progressOf(job) !== before) tries = 0;
      tries += 1;
      if (request.signal.aborted || tries >= triesMax || !isTroubleOfDrive(parts, known, on)) throw error;
      job.note("warn", known.code, `reading ${on.medium.barcode} is tried again behind the last segment that was checked: ${known.message}`);
      if (on.drive?.asksForCleaning === true) on.drive.cleanBeforeNextUse();
      else on.drive?.leaveOut();
    } finally {
      await release(on, job);
    }
  }
}

/** Changes with everything that was recorded of the work. */
function progressOf(job: RunningJob): string {
  return JSON.stringify([job.progress["verify"], job.progress["quick"]]);
}

/** The drive alone first; then what it could not pass is read and compared, or everything where it has no such command. */
async function quickly(
  parts: VerifyParts,
  request: VerifyJobRequest,
  job: RunningJob,
  on: ReadableVolume,
  findings: Finding[],
): Promise<{ readonly summary: string; readonly value: VerifyJobOutcome }> {
  request.onStart(on.volume && parts.inventory.objectsOfVolume(on.volume.uuid).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const quick = await quickPass(parts, request, job, on);
  if (quick === "not-offered") return await readBack(parts, { ...request, method: { kind: "full" } }, job, on, findings);
  const { objects, readBytes, suspects, verificationId } = quick;
  const doubts = earlierFindings(parts, verificationId, on.medium.barcode, []);
  if (suspects.length === 0) {
    const summary = `cartridge ${on.medium.barcode}: the drive has read ${String(objects)} objects through, ${formatBytes(readBytes)}; nothing was compared`;
    return { summary, value: { objects, readBytes, findings: doubts, method: "quick" } };
  }
  const compared = await readBack(parts, { ...request, method: { kind: "suspects", objects: suspects } }, job, on, findings);
  return { summary: compared.summary, value: { objects, readBytes, findings: [...doubts, ...compared.value.findings], method: "quick" } };
}

async function readBack(
  parts: VerifyParts,
  request: Omit<VerifyJobRequest, "method"> & { readonly method: ReadMethod },
  job: RunningJob,
  on: ReadableVolume,
  findings: Finding[],
): Promise<{ readonly summary: string; readonly value: VerifyJobOutcome }> {
  const { volume, medium } = on;
  const start = startOf(parts, job, request.method, on);
  // What stands in the job from the beginning is the choice of a sample; a stop before the first segment must not draw another one.
  job.saveProgress({ verify: start });
  request.onStart(bytesAhead(parts, on, start));
  let worstYet: Severity = start.worst;
  let readBytes = start.readBytes;
  const summary = await checkVolume(parts, {
    on,
    method: request.method.kind,
    jobId: job.id,
    verificationId: start.verificationId,
    fromObject: start.fromObject,
    only: start.only,
    onBytes: (countBytes) => {
      readBytes += countBytes;
      request.onBytes(countBytes);
    },
    onFinding: (finding) => {
      worstYet = worst(worstYet, finding.severity);
      findings.push(finding);
      job.note(finding.severity, finding.code, `${finding.text}; ${finding.hint}`);
    },
    onRecorded: (nextObject, verificationId) => {
      const objects = objectsBefore(start, nextObject);
      job.saveProgress({ verify: { ...start, verificationId, fromObject: nextObject, objects, readBytes, worst: worstYet } });
    },
    signal: request.signal,
  });
  const nowMs = parts.clock.nowMs();
  if (summary.verificationId !== undefined) parts.verifications.finish(summary.verificationId, { severity: worstYet, finishedMs: nowMs });
  if (volume && request.method.kind === "full" && severities.indexOf(worstYet) <= severities.indexOf("note")) {
    parts.inventory.updateVolume(volume.uuid, { verifiedMs: nowMs });
  }
  const objects = start.objects + summary.objects;
  const all = earlierFindings(parts, summary.verificationId, medium.barcode, findings);
  const method = request.method.kind === "suspects" ? "quick" : request.method.kind;
  return { summary: summaryText(medium.barcode, request.method, objects, readBytes, all), value: { objects, readBytes, findings: all, method } };
}

/** As an earlier run left it, where it read the same volume in the same way; else from the beginning. */
function startOf(parts: VerifyParts, job: RunningJob, method: ReadMethod, { volume }: ReadableVolume): Saved {
  const saved = savedOf(job);
  if (saved && saved.volumeUuid === volume?.uuid && saved.method.kind === method.kind && volume) {
    job.note("note", "VERIFY_RESUMED", `object ${String(saved.fromObject)} is the first that was not yet checked`);
    return saved;
  }
  const fresh = { volumeUuid: volume?.uuid, verificationId: undefined, method, fromObject: 0, only: undefined, objects: 0, readBytes: 0, worst: "ok" } as const;
  if (method.kind === "suspects") return { ...fresh, only: method.objects };
  if (method.kind !== "sample") return fresh;
  if (!volume) {
    throw new StrongroomError("usage", "SAMPLE_NOT_POSSIBLE", "the records do not know this volume, so nobody can say which part of it was read; nothing was read", {
      hint: "read all of it: leave --sample out",
    });
  }
  const copies = parts.inventory.copiesOnVolume(volume.uuid);
  const only = sampleOf(copies, method.share, method.seed, parts.clock.nowMs());
  const text = `${String((only.length - 1) / 2)} of ${String(copies.length)} segments are read, chosen with seed ${String(method.seed)}`;
  job.note("note", "SAMPLE_CHOSEN", `${text}, those that were not looked at for longest more likely`);
  return { ...fresh, only };
}

function savedOf(job: RunningJob): Saved | undefined {
  return job.progress["verify"] as Saved | undefined;
}

function objectsBefore(start: Saved, nextObject: number): number {
  if (!start.only) return nextObject;
  return start.only.filter((number) => number < nextObject).length;
}

function bytesAhead({ inventory }: VerifyParts, { volume }: ReadableVolume, { only, fromObject }: Saved): number | undefined {
  if (!volume) return undefined;
  const chosen = only && new Set(only);
  return inventory
    .objectsOfVolume(volume.uuid)
    .filter(({ number }) => number >= fromObject && (chosen?.has(number) ?? true))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** With those of the runs before, which only the records have. */
function earlierFindings(parts: VerifyParts, verificationId: number | undefined, barcode: string, findings: readonly Finding[]): readonly Finding[] {
  if (verificationId === undefined) return findings;
  return parts.verifications.findings(verificationId).map((finding) => ({ ...finding, barcode }));
}

function isTroubleOfDrive(parts: VerifyParts, error: StrongroomError, { drive }: ReadableVolume): boolean {
  return drive !== undefined && (parts.isElsewhere(error) || drive.asksForCleaning);
}

/** What was read counts, whatever a drive says when it is given back. */
async function release(on: ReadableVolume, job: RunningJob): Promise<void> {
  try {
    await on.release();
  } catch (error) {
    if (!(error instanceof StrongroomError)) throw error;
    job.note("warn", error.code, `cartridge ${on.medium.barcode} could not be given back in order: ${error.message}`);
  }
}

function summaryText(barcode: string, method: ReadMethod, objects: number, readBytes: number, findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => isFault(severity)).length;
  const damaged = errors === 1 ? "1 object is damaged" : `${String(errors)} objects are damaged`;
  const whole = method.kind === "full" ? "every object is as it was written" : "what was chosen is as it was written";
  return `cartridge ${barcode}: ${String(objects)} objects, ${formatBytes(readBytes)} read, ${errors === 0 ? whole : damaged}`;
}
