import type { Severity } from "../../words/index.ts";

/** Jobs and what happened in them. The same guarantees on writes as the catalog. */
export interface Journal {
  /** Starts a job. Rejects with JOB_ACTIVE when a job of the same subject is `running` by a process that still lives. */
  startJob(job: NewJob): JobRecord;
  job(id: number): JobRecord | undefined;
  /** Newest first. */
  jobs(limit: number): readonly JobRecord[];
  /**
   * The unfinished job of that kind and subject (`archive run`, archive name), if any: what a second run of the command goes
   * on with.
   */
  unfinished(kind: string, subject: string): JobRecord | undefined;
  /**
   * Takes an unfinished job over whose owner is dead or let go of it; false when one lives that works on that subject, or
   * when it is finished.
   */
  takeOver(id: number, owner: Owner): boolean;
  saveProgress(id: number, progress: Readonly<Record<string, unknown>>): void;
  /** The job stopped before its end, at a safe point: it stays unfinished, free to be taken over. */
  interruptJob(id: number, outcome: { readonly severity: Severity; readonly summary: string }): void;
  finishJob(id: number, outcome: { readonly severity: Severity; readonly summary: string; readonly finishedMs: number }): void;
  addEvent(event: JobEvent): void;
  events(jobId: number): readonly JobEvent[];
  /** What happened in all jobs, newest first: events of that severity or graver. */
  log(request: { readonly atLeast: Severity; readonly limit: number }): readonly JobEvent[];
  /**
   * Puts jobs of before back under their numbers, all or none. Finished jobs that are there now and have such a number get others, beyond the last; a number
   * that one of them got is answered by its old one.
   */
  addPastJobs(jobs: readonly PastJob[]): ReadonlyMap<number, number>;
}

/** A job that is over, as the volumes tell of it. */
export interface PastJob {
  readonly id: number;
  readonly kind: string;
  readonly subject: string;
  readonly requestedBy: string;
  readonly host: string;
  readonly startedMs: number;
  readonly finishedMs: number;
  readonly severity: Severity;
  readonly summary: string;
  readonly events: readonly Omit<JobEvent, "jobId">[];
}

/** Who runs a job: enough to tell for sure whether that process still lives, also after its number was given to another. */
export interface Owner {
  readonly host: string;
  readonly bootId: string;
  readonly processId: number;
  /** Field 22 of /proc/PID/stat. */
  readonly processStart: string;
}

export interface NewJob {
  readonly kind: string;
  readonly subject: string;
  readonly startedMs: number;
  readonly owner: Owner;
  /** Who asked for it: login name. */
  readonly requestedBy: string;
}

export interface JobRecord extends NewJob {
  readonly id: number;
  /** `interrupted`: unfinished, and nobody works on it: its owner died or stopped at a safe point. */
  readonly state: "running" | "interrupted" | "finished";
  readonly severity: Severity | undefined;
  readonly summary: string | undefined;
  readonly finishedMs: number | undefined;
  readonly progress: Readonly<Record<string, unknown>>;
}

export interface JobEvent {
  readonly jobId: number;
  readonly timeMs: number;
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
}
