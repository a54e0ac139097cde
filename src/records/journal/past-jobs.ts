import { type Severity, severities } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import type { JobEvent, Journal, PastJob } from "./contract.ts";

interface EventRow {
  readonly job: number;
  readonly time_ms: number;
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
}

/** The part of the journal that looks over all jobs, and brings back those of before. */
export function pastJobTable(store: Store) {
  const selectLog = store.query<EventRow>(
    "SELECT job, time_ms, severity, code, text FROM job_event WHERE severity IN (SELECT value FROM json_each(?)) ORDER BY time_ms DESC, id DESC LIMIT ?",
  );
  const isThere = store.rows<[number]>("SELECT id FROM job WHERE id = ?");
  const isSame = store.rows<[number]>("SELECT id FROM job WHERE id = ? AND started_ms = ? AND kind = ? AND subject = ? AND finished_ms IS NOT NULL");
  const last = store.rows<[number]>("SELECT coalesce(max(id), 0) FROM job");
  const copyUnder = store.query(
    `INSERT INTO job SELECT ?2, kind, subject, requested_by, started_ms, owner_host, owner_boot_id, owner_process_id, owner_process_start,
       interrupted, finished_ms, severity, summary, progress FROM job WHERE id = ?1`,
  );
  const moveEvents = store.query("UPDATE job_event SET job = ?2 WHERE job = ?1");
  const remove = store.query("DELETE FROM job WHERE id = ?");
  const insert = store.query(
    `INSERT INTO job (id, kind, subject, requested_by, started_ms, owner_host, owner_boot_id, owner_process_id, owner_process_start, interrupted,
       finished_ms, severity, summary, progress) VALUES (?, ?, ?, ?, ?, ?, '', 0, '', 0, ?, ?, ?, '{}')`,
  );
  const insertEvent = store.query("INSERT INTO job_event (job, time_ms, severity, code, text) VALUES (?, ?, ?, ?, ?)");

  const addPastJobs = (past: readonly PastJob[]): ReadonlyMap<number, number> => {
    const moved = new Map<number, number>();
    store.transaction(() => {
      // Whoever was killed behind this does it again.
      const jobs = past.filter(({ id, startedMs, kind, subject }) => isSame.get(id, startedMs, kind, subject) === undefined);
      let next = Math.max(last.get()?.[0] ?? 0, ...jobs.map(({ id }) => id)) + 1;
      for (const { id } of jobs) {
        if (isThere.get(id) === undefined) continue;
        copyUnder.run(id, next);
        moveEvents.run(id, next);
        remove.run(id);
        moved.set(id, next);
        next += 1;
      }
      for (const job of jobs) {
        insert.run(job.id, job.kind, job.subject, job.requestedBy, job.startedMs, job.host, job.finishedMs, job.severity, job.summary);
        for (const { timeMs, severity, code, text } of job.events) insertEvent.run(job.id, timeMs, severity, code, text);
      }
    });
    return moved;
  };

  return {
    log: ({ atLeast, limit }) =>
      selectLog.all(JSON.stringify(severities.slice(severities.indexOf(atLeast))), limit)
        .map(({ job, time_ms: timeMs, severity, code, text }): JobEvent => ({ jobId: job, timeMs, severity, code, text })),
    addPastJobs,
  } satisfies Partial<Journal>;
}
