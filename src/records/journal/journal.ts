import { type Severity, StrongroomError, printable } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import type { JobEvent, JobRecord, Journal, NewJob, Owner } from "./contract.ts";
import { pastJobTable } from "./past-jobs.ts";

interface JobRow {
  readonly id: number;
  readonly kind: string;
  readonly subject: string;
  readonly requested_by: string;
  readonly started_ms: number;
  readonly owner_host: string;
  readonly owner_boot_id: string;
  readonly owner_process_id: number;
  readonly owner_process_start: string;
  /** Its owner let go of it, living or not. */
  readonly interrupted: number;
  readonly finished_ms: number | null;
  readonly severity: Severity | null;
  readonly summary: string | null;
  readonly progress: string;
}

/** The journal in the state database. `lives` tells whether the process behind an owner is still there. */
export function openJournal(store: Store, lives: (owner: Owner) => boolean): Journal {
  return { ...jobTable(store, lives), ...eventTable(store), ...pastJobTable(store) };
}

function jobTable(store: Store, lives: (owner: Owner) => boolean) {
  const insert = store.query(
    `INSERT INTO job (kind, subject, requested_by, started_ms, owner_host, owner_boot_id, owner_process_id, owner_process_start,
       interrupted, progress) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '{}')`,
  );
  const select = store.query<JobRow>("SELECT * FROM job WHERE id = ?");
  const selectNewest = store.query<JobRow>("SELECT * FROM job ORDER BY id DESC LIMIT ?");
  const selectUnfinished = store.query<JobRow>("SELECT * FROM job WHERE subject = ? AND finished_ms IS NULL ORDER BY id DESC");
  const setOwner = store.query(
    `UPDATE job SET owner_host = ?, owner_boot_id = ?, owner_process_id = ?, owner_process_start = ?,
       interrupted = 0, severity = NULL, summary = NULL WHERE id = ?`,
  );
  const setProgress = store.query("UPDATE job SET progress = ? WHERE id = ? AND finished_ms IS NULL");
  const interrupt = store.query("UPDATE job SET interrupted = 1, severity = ?, summary = ? WHERE id = ? AND finished_ms IS NULL");
  const finish = store.query("UPDATE job SET finished_ms = ?, severity = ?, summary = ? WHERE id = ? AND finished_ms IS NULL");

  const record = (row: JobRow): JobRecord => jobRecord(row, lives);
  const livingJob = (subject: string): JobRecord | undefined =>
    selectUnfinished
      .all(subject)
      .map(record)
      .find((job) => job.state === "running");

  const startJob = (job: NewJob): JobRecord =>
    store.transaction(() => {
      const active = livingJob(job.subject);
      if (active !== undefined) throw jobActive(active);
      const { host, bootId, processId, processStart } = job.owner;
      const added = insert.run(job.kind, job.subject, job.requestedBy, job.startedMs, host, bootId, processId, processStart);
      return record(select.get(added.lastId)!);
    });

  const takeOver = (id: number, owner: Owner): boolean =>
    store.transaction(() => {
      const job = select.get(id);
      if (job === undefined) throw jobUnknown(id);
      if (job.finished_ms !== null) return false;
      const active = livingJob(job.subject);
      if (active !== undefined) return active.id === id && isSame(active.owner, owner);
      setOwner.run(owner.host, owner.bootId, owner.processId, owner.processStart, id);
      return true;
    });

  return {
    startJob,
    takeOver,
    job: (id: number): JobRecord | undefined => {
      const row = select.get(id);
      return row === undefined ? undefined : record(row);
    },
    jobs: (limit: number) => selectNewest.all(limit).map(record),
    unfinished: (kind: string, subject: string) =>
      selectUnfinished
        .all(subject)
        .map(record)
        .find((job) => job.kind === kind),
    saveProgress: (id, progress) => {
      if (setProgress.run(JSON.stringify(progress), id).changes === 0) throw jobFinished(id);
    },
    interruptJob: (id, { severity, summary }) => {
      if (interrupt.run(severity, summary, id).changes === 0) throw jobFinished(id);
    },
    finishJob: (id, { severity, summary, finishedMs }) => {
      if (finish.run(finishedMs, severity, summary, id).changes === 0) throw jobFinished(id);
    },
  } satisfies Partial<Journal>;
}

function eventTable(store: Store) {
  const insert = store.query("INSERT INTO job_event (job, time_ms, severity, code, text) VALUES (?, ?, ?, ?, ?)");
  const select = store.query<{ job: number; time_ms: number; severity: Severity; code: string; text: string }>(
    "SELECT job, time_ms, severity, code, text FROM job_event WHERE job = ? ORDER BY id",
  );
  return {
    addEvent: ({ jobId, timeMs, severity, code, text }: JobEvent) => {
      insert.run(jobId, timeMs, severity, code, text);
    },
    events: (jobId: number) =>
      select
        .all(jobId)
        .map(({ job, time_ms: timeMs, severity, code, text }): JobEvent => ({ jobId: job, timeMs, severity, code, text })),
  } satisfies Partial<Journal>;
}

function jobRecord(row: JobRow, lives: (owner: Owner) => boolean): JobRecord {
  const owner: Owner = {
    host: row.owner_host,
    bootId: row.owner_boot_id,
    processId: row.owner_process_id,
    processStart: row.owner_process_start,
  };
  const unfinishedState = (): JobRecord["state"] => (row.interrupted === 0 && lives(owner) ? "running" : "interrupted");
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    requestedBy: row.requested_by,
    startedMs: row.started_ms,
    owner,
    state: row.finished_ms === null ? unfinishedState() : "finished",
    severity: row.severity ?? undefined,
    summary: row.summary ?? undefined,
    finishedMs: row.finished_ms ?? undefined,
    progress: JSON.parse(row.progress) as Readonly<Record<string, unknown>>,
  };
}

function isSame(a: Owner, b: Owner): boolean {
  return a.bootId === b.bootId && a.processId === b.processId && a.processStart === b.processStart;
}

function jobActive(job: JobRecord): StrongroomError {
  const who = `${printable(job.requestedBy)}, process ${String(job.owner.processId)}`;
  const message = `job ${String(job.id)} (${job.kind} ${printable(job.subject)}) is running already, started by ${who}`;
  return new StrongroomError("busy", "JOB_ACTIVE", message, {
    hint: `wait for it, or watch it: strongroom job show ${String(job.id)}`,
  });
}

function jobUnknown(id: number): StrongroomError {
  return new StrongroomError("missing", "JOB_UNKNOWN", `there is no job ${String(id)}`, {
    hint: "list the jobs: strongroom job list",
  });
}

function jobFinished(id: number): StrongroomError {
  return new StrongroomError("internal", "JOB_FINISHED", `job ${String(id)} is finished or unknown, nothing was changed`);
}
