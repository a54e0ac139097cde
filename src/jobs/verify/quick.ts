import { type Severity, worst } from "../../words/index.ts";
import { type Finding, readThrough } from "../../work/verify/index.ts";
import type { RunningJob } from "../runner.ts";
import type { ReadableVolume, VerifyParts } from "./parts.ts";

export interface QuickPassed {
  readonly objects: number;
  readonly readBytes: number;
  /** Objects that are to be read and compared, ascending: of a segment and its seal always both. */
  readonly suspects: readonly number[];
  readonly verificationId: number;
}

/** How far the drive has come, as the job keeps it. */
interface Saved {
  readonly volumeUuid: string;
  readonly verificationId: number;
  readonly nextObject: number;
  readonly suspects: readonly number[];
  readonly objects: number;
  readonly readBytes: number;
  readonly worst: Severity;
  readonly isDone: boolean;
}

/** What was found is written down at least this often, so that little is done twice after a power cut. */
const recordIntervalMs = 5000;

/**
 * Lets the drive read every recorded object of a volume through by itself. It is recorded as a quick verification and changes nothing else: a copy that nothing was compared
 * with does not become a verified one, and one that the drive stumbled over is not a bad one before it was read. `not-offered` where the medium or its drive cannot do it, or
 * the records do not say what is there; the job says so. Done once in a job: whoever goes on with it gets what was found.
 */
export async function quickPass(
  parts: VerifyParts,
  request: { readonly onBytes: (countBytes: number) => void; readonly signal: AbortSignal },
  job: RunningJob,
  { medium, volume, place }: ReadableVolume,
): Promise<QuickPassed | "not-offered"> {
  if (!volume || !medium.verifyObject) return notOffered(job, volume ? "a folder has no drive that could verify it" : "the records do not know this volume");
  const before = savedOf(job, volume.uuid);
  if (before?.isDone === true) return before;
  const recorded = parts.inventory.objectsOfVolume(volume.uuid);
  const begin = (): Saved => ({
    volumeUuid: volume.uuid,
    verificationId: parts.verifications.begin({
      jobId: job.id, volumeUuid: volume.uuid, barcode: medium.barcode, method: "quick", place, startedMs: parts.clock.nowMs(),
    }),
    nextObject: 0, suspects: [], objects: 0, readBytes: 0, worst: "ok", isDone: false,
  });
  const numbers = new Set(recorded.map(({ number }) => number));
  let ledger: Ledger | undefined = before && new Ledger(parts, job, numbers, before);
  try {
    const outcome = await readThrough({
      medium,
      recorded,
      blockSizeBytes: volume.blockSizeBytes,
      fromObject: before?.nextObject ?? 0,
      isElsewhere: (error) => parts.isElsewhere(error),
      onPassed: (object, doubt) => {
        // Not before something was read: where nothing can be, there is nothing to put into the history.
        ledger ??= new Ledger(parts, job, numbers, begin());
        ledger.passed(object, doubt);
        request.onBytes(object.sizeBytes);
      },
      signal: request.signal,
    });
    if (outcome === "not-offered") return notOffered(job, "this drive has no command to verify a tape");
  } catch (error) {
    ledger?.record(false);
    throw error;
  }
  ledger ??= new Ledger(parts, job, numbers, begin());
  return ledger.record(true);
}

function notOffered(job: RunningJob, why: string): "not-offered" {
  job.note("note", "QUICK_NOT_OFFERED", `${why}: everything is read and compared instead`);
  return "not-offered";
}

function savedOf(job: RunningJob, volumeUuid: string): Saved | undefined {
  const saved = job.progress["quick"] as Saved | undefined;
  return saved?.volumeUuid === volumeUuid ? saved : undefined;
}

type Passed = Parameters<Parameters<typeof readThrough>[0]["onPassed"]>[0];

/** What was passed and is not yet recorded. */
class Ledger {
  readonly #parts: VerifyParts;
  readonly #job: RunningJob;
  readonly #numbers: ReadonlySet<number>;
  #saved: Saved;
  #recorded: Saved;
  #findings: Finding[] = [];
  #recordedMs: number;

  constructor(parts: VerifyParts, job: RunningJob, numbers: ReadonlySet<number>, saved: Saved) {
    this.#parts = parts;
    this.#job = job;
    this.#numbers = numbers;
    this.#saved = saved;
    this.#recorded = saved;
    this.#recordedMs = parts.clock.monotonicMs();
  }

  passed(object: Passed, doubt: Finding | undefined): void {
    const { nextObject: _next, suspects, objects, readBytes, ...saved } = this.#saved;
    this.#saved = {
      ...saved,
      nextObject: object.number + 1,
      suspects: doubt ? withPartner(suspects, object).filter((number) => this.#numbers.has(number)) : suspects,
      objects: objects + 1,
      readBytes: readBytes + object.sizeBytes,
      worst: worst(saved.worst, doubt?.severity ?? "ok"),
    };
    if (doubt) {
      this.#findings.push(doubt);
      this.#job.note(doubt.severity, doubt.code, `${doubt.text}; ${doubt.hint}`);
    }
    if (this.#parts.clock.monotonicMs() - this.#recordedMs >= recordIntervalMs) this.record(false);
  }

  record(isDone: boolean): QuickPassed {
    const { inventory, verifications, clock } = this.#parts;
    const saved = { ...this.#saved, isDone };
    const { verificationId } = saved;
    inventory.atomically(() => {
      const step = { objects: saved.objects - this.#recorded.objects, readBytes: saved.readBytes - this.#recorded.readBytes };
      verifications.add(verificationId, { ...step, findings: this.#findings, checks: [] });
      if (isDone) verifications.finish(verificationId, { severity: saved.worst, finishedMs: clock.nowMs() });
      this.#job.saveProgress({ quick: saved });
    });
    this.#findings = [];
    this.#recorded = saved;
    this.#recordedMs = clock.monotonicMs();
    return saved;
  }
}

/** One without the other decides nothing: a seal comes with its segment, a segment with its seal. */
function withPartner(suspects: readonly number[], { number, role }: Passed): readonly number[] {
  const both = role === "segment" ? [number, number + 1] : role === "seal" ? [number - 1, number] : [number];
  return [...new Set([...suspects, ...both])].sort((a, b) => a - b);
}
