import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { UnlockedKey } from "../../formats/openpgp/index.ts";
import { decodeJobLine, type JobHeadLine, parseTrailerMemberName } from "../../formats/volume/index.ts";
import type { JobEvent, PastJob } from "../../records/index.ts";
import { asStrongroomError } from "../../words/index.ts";
import { readSealedLines } from "./sealed-lines.ts";

interface KnownJob {
  readonly head: JobHeadLine;
  readonly events: Omit<JobEvent, "jobId">[];
}

/** What a job was, by the trailer that knows most of it: its end, then the most of what happened. A member that is damaged says nothing at all. */
export async function gatherJobs(sessionsPath: string, keys: readonly UnlockedKey[], onProblem: (text: string) => void): Promise<readonly PastJob[]> {
  const known = new Map<number, KnownJob>();
  for (const name of readdirSync(sessionsPath).sort()) {
    if (parseTrailerMemberName(name)?.kind !== "jobs") continue;
    try {
      for (const job of await jobsOf(join(sessionsPath, name), keys)) if (knowsMore(job, known.get(job.head.job))) known.set(job.head.job, job);
    } catch (error) {
      if (asStrongroomError(error).kind === "denied") throw error;
      onProblem(`${name} cannot be used: ${asStrongroomError(error).message}`);
    }
  }
  return [...known.values()].map(pastJob);
}

async function jobsOf(path: string, keys: readonly UnlockedKey[]): Promise<readonly KnownJob[]> {
  const jobs: KnownJob[] = [];
  await readSealedLines(path, keys, (text) => {
    const line = decodeJobLine(text);
    if (line.line === "job") jobs.push({ head: line, events: [] });
    else if (jobs.at(-1)?.head.job === line.job) jobs.at(-1)!.events.push({ timeMs: line.atMs, severity: line.severity, code: line.code, text: line.text });
  });
  return jobs;
}

/** Numbers are given once, so of two jobs with one number the earlier was of records that were lost before they were on any volume. */
function knowsMore({ head, events }: KnownJob, than: KnownJob | undefined): boolean {
  if (!than) return true;
  if (head.startedMs !== than.head.startedMs) return head.startedMs > than.head.startedMs;
  const isOver = head.finishedMs !== undefined;
  return isOver === (than.head.finishedMs !== undefined) ? events.length > than.events.length : isOver;
}

function pastJob({ head, events }: KnownJob): PastJob {
  const { job: id, kind, subject, requestedBy, host, startedMs, finishedMs, severity, summary } = head;
  const outcome = { severity: severity ?? "note", summary: summary ?? "how it ended is on none of the volumes that were read" } as const;
  return { id, kind, subject, requestedBy, host, startedMs, finishedMs: finishedMs ?? events.at(-1)?.timeMs ?? startedMs, ...outcome, events };
}
