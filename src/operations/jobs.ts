import { printable, StrongroomError } from "../words/index.ts";
import type { JobRecord } from "../records/index.ts";
import type { JobOperations, JobOptions, JobResult } from "./contract.ts";
import { LiveProgress } from "./live-progress.ts";
import type { OperationParts } from "./parts.ts";

/** A job that runs is among the newest. */
const runningLooked = 1000;

/** How jobs of a kind are gone on with: by their subject alone. */
export type Resumers = Readonly<Record<string, (subject: string, options: JobOptions) => Promise<JobResult>>>;

export function jobOperations(parts: OperationParts, resumers: Resumers): JobOperations {
  const live = new LiveProgress(parts.state.jobsPath);
  return {
    progress: async () => Promise.resolve(live.read(parts.journal.jobs(runningLooked).filter(({ state }) => state === "running").map(({ id }) => id))),
    list: async (limit) => Promise.resolve(parts.journal.jobs(limit)),
    show: async (id) => {
      const job = parts.journal.job(id);
      if (!job) throw new StrongroomError("missing", "JOB_UNKNOWN", `there is no job ${String(id)}`, { hint: "see: strongroom job list" });
      return Promise.resolve({ job, events: parts.journal.events(id) });
    },
    log: async (request) => Promise.resolve(parts.journal.log(request)),
    interrupted: async () => {
      const jobs = parts.journal.jobs(runningLooked).filter(({ state }) => state === "interrupted");
      return Promise.resolve(jobs.reverse());
    },
    resume: async (id, options) => {
      const job = resumableJob(parts, id);
      const resume = resumers[job.kind];
      if (!resume) throw needsItsCommand(job);
      return await resume(job.subject, options);
    },
  };
}

function resumableJob(parts: OperationParts, id: number): JobRecord {
  const job = parts.journal.job(id);
  if (!job) throw new StrongroomError("missing", "JOB_UNKNOWN", `there is no job ${String(id)}`, { hint: "see: strongroom job list" });
  if (job.state === "interrupted") return job;
  if (job.state === "finished") {
    throw new StrongroomError("usage", "JOB_OVER", `job ${String(id)} has come to its end: there is nothing to go on with`, { hint: `see: strongroom job show ${String(id)}` });
  }
  throw new StrongroomError("busy", "JOB_ACTIVE", `job ${String(id)} is being done, by process ${String(job.owner.processId)}; nothing was changed`, {
    hint: `watch it with: strongroom job show ${String(id)}`,
  });
}

function needsItsCommand({ id, kind, subject }: JobRecord): StrongroomError {
  const message = `job ${String(id)} (${kind} ${printable(subject)}) needs what only its own command is given; what it has done so far is safe`;
  return new StrongroomError("usage", "JOB_NEEDS_ITS_COMMAND", message, { hint: `run the same command again: strongroom ${kind} …` });
}
