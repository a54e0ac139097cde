import type { Journal, JobRecord, Owner } from "../records/index.ts";
import { asStrongroomError, type Clock, type Severity, StrongroomError, worst } from "../words/index.ts";

/** What every job needs from the appliance. */
export interface JobParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly owner: Owner;
  /** Login name of whoever asked. */
  readonly requestedBy: string;
}

/** Who listens while a job runs. */
export interface EventListener {
  event(event: { readonly timeMs: number; readonly severity: Severity; readonly code: string; readonly text: string }): void;
}

export interface RunningJob {
  readonly id: number;
  /** True when this goes on with a job that stopped before its end. */
  readonly resumed: boolean;
  /** What was saved last, by this run or an earlier one. */
  readonly progress: Readonly<Record<string, unknown>>;
  /** Writes a line into the job's log; the worst severity becomes the job's. */
  note(severity: Severity, code: string, text: string): void;
  /** Saves these values over what was saved before; the others stay. */
  saveProgress(change: Readonly<Record<string, unknown>>): void;
}

export interface JobKind {
  readonly kind: string;
  readonly subject: string;
  readonly resumable: boolean | "once-begun";
}

export interface JobOutcome<T> {
  readonly job: JobRecord;
  readonly severity: Severity;
  readonly summary: string;
  readonly value: T;
}

/**
 * Runs one job: takes over an unfinished one of the same kind and subject, or starts one; writes down what happens; ends it.
 *
 * - Two processes never run the same job: the second gets `JOB_ACTIVE` (busy), with who runs it.
 * - A body that throws leaves the job interrupted, to be gone on with by the same command; the error is thrown on with its own words.
 * - `resumable: false` ends such a job for good instead; `once-begun` where it has saved no progress yet.
 * - A body that returns `unfinished` has stopped at a safe point because that was asked for: the job stays interrupted, which is no error.
 */
export async function runJob<T>(
  parts: JobParts,
  what: JobKind,
  listener: EventListener,
  body: (job: RunningJob) => Promise<{ readonly summary: string; readonly value: T; readonly unfinished?: boolean }>,
): Promise<JobOutcome<T>> {
  const { record, resumed } = begin(parts, what);
  let severity: Severity = "ok";
  let { progress } = record;
  const running: RunningJob = {
    id: record.id,
    resumed,
    get progress() {
      return progress;
    },
    note: (noteSeverity, code, text) => {
      severity = worst(severity, noteSeverity);
      const event = { timeMs: parts.clock.nowMs(), severity: noteSeverity, code, text };
      parts.journal.addEvent({ jobId: record.id, ...event });
      listener.event(event);
    },
    saveProgress: (change) => {
      progress = { ...progress, ...change };
      parts.journal.saveProgress(record.id, progress);
    },
  };
  if (resumed) running.note("note", "JOB_RESUMED", "going on with what an earlier run had not finished");
  try {
    const { summary, value, unfinished = false } = await body(running);
    if (unfinished) parts.journal.interruptJob(record.id, { severity, summary });
    else parts.journal.finishJob(record.id, { severity, summary, finishedMs: parts.clock.nowMs() });
    return { job: parts.journal.job(record.id)!, severity, summary, value };
  } catch (thrown) {
    const error = asStrongroomError(thrown);
    running.note(worst("err", error.severity), error.code, error.hint === undefined ? error.message : `${error.message}; ${error.hint}`);
    const outcome = { severity: worst(severity, error.severity), summary: error.message };
    const isResumable = what.resumable === "once-begun" ? Object.keys(progress).length > 0 : what.resumable;
    if (isResumable) parts.journal.interruptJob(record.id, outcome);
    else parts.journal.finishJob(record.id, { ...outcome, finishedMs: parts.clock.nowMs() });
    throw thrown;
  }
}

function begin(parts: JobParts, what: JobKind): {
  record: JobRecord;
  resumed: boolean;
} {
  const { journal, owner } = parts;
  const unfinished = journal.unfinished(what.kind, what.subject);
  if (!unfinished) {
    const record = journal.startJob({
      kind: what.kind,
      subject: what.subject,
      startedMs: parts.clock.nowMs(),
      owner,
      requestedBy: parts.requestedBy,
    });
    return { record, resumed: false };
  }
  if (journal.takeOver(unfinished.id, owner)) return { record: journal.job(unfinished.id)!, resumed: true };
  throw new StrongroomError(
    "busy",
    "JOB_ACTIVE",
    `${what.kind} ${what.subject} is being done already, as job ${String(unfinished.id)} by process ${String(unfinished.owner.processId)}`,
    { hint: `watch it with: strongroom job show ${String(unfinished.id)}` },
  );
}
