import type { OperatorRequest } from "../../operations/index.ts";
import type { JobEvent, JobRecord } from "../../records/index.ts";
import { type Column, count, type Fact, name, sentence, time } from "./column.ts";
import { type JsonObject, timeDocument } from "./document.ts";

export function jobDocument(job: JobRecord): JsonObject {
  return {
    id: job.id,
    kind: job.kind,
    subject: job.subject,
    state: job.state,
    severity: job.severity ?? null,
    summary: job.summary ?? null,
    requested_by: job.requestedBy,
    started: timeDocument(job.startedMs),
    finished: timeDocument(job.finishedMs),
    host: job.owner.host,
    process_id: job.owner.processId,
    requests: requestsOf(job).map(({ who, code, needs, hint, sinceMs }) => ({ who, code, needs, hint: hint ?? null, since: timeDocument(sinceMs) })),
  };
}

/** What a job that is not over waits for, or stopped for. */
function requestsOf(job: JobRecord): readonly OperatorRequest[] {
  const { requests } = job.progress;
  return job.state === "finished" || !Array.isArray(requests) ? [] : (requests as readonly OperatorRequest[]);
}

export const jobColumns: readonly Column<JobRecord>[] = [
  { title: "job", right: true, cell: ({ id }) => count(id) },
  { title: "kind", cell: ({ kind }) => name(kind) },
  { title: "subject", cell: ({ subject }) => name(subject) },
  { title: "state", cell: (job) => (requestsOf(job).length > 0 && job.state === "running" ? "waits" : job.state) },
  { title: "severity", cell: ({ severity }) => severity ?? "-" },
  { title: "started", cell: ({ startedMs }) => time(startedMs) },
  { title: "summary", cell: (job) => sentence(requestsOf(job)[0]?.needs ?? job.summary) },
];

export function jobFacts(job: JobRecord): readonly Fact[] {
  return [
    ["job", `${count(job.id)}, ${name(job.kind)} ${name(job.subject)}`],
    ["state", job.state],
    ["severity", job.severity],
    ["started", `${time(job.startedMs)} by ${name(job.requestedBy)}`],
    ["finished", time(job.finishedMs)],
    ["process", job.state === "running" ? `${count(job.owner.processId)} on ${name(job.owner.host)}` : undefined],
    ...requestsOf(job).map(({ who, needs, hint, sinceMs }): Fact => ["needs", sentence(`${who}, since ${time(sinceMs)}: ${needs}; ${hint ?? ""}`)]),
    ["summary", job.summary === undefined ? undefined : sentence(job.summary)],
  ];
}

export function eventDocument(event: Omit<JobEvent, "jobId">): JsonObject {
  return { time: timeDocument(event.timeMs), severity: event.severity, code: event.code, text: event.text };
}

export const eventColumns: readonly Column<JobEvent>[] = [
  { title: "time", cell: ({ timeMs }) => time(timeMs) },
  { title: "severity", cell: ({ severity }) => severity },
  { title: "code", cell: ({ code }) => code },
  { title: "what", cell: ({ text }) => sentence(text) },
];

export const logColumns: readonly Column<JobEvent>[] = [{ title: "job", right: true, cell: ({ jobId }) => count(jobId) }, ...eventColumns];
