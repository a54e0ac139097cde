import { StrongroomError } from "../words/index.ts";
import type { JobOperations } from "./contract.ts";
import { LiveProgress } from "./live-progress.ts";
import type { OperationParts } from "./parts.ts";

/** A job that runs is among the newest. */
const runningLooked = 1000;

export function jobOperations(parts: OperationParts): JobOperations {
  const live = new LiveProgress(parts.state.jobsPath);
  return {
    progress: async () => Promise.resolve(live.read(parts.journal.jobs(runningLooked).filter(({ state }) => state === "running").map(({ id }) => id))),
    list: async (limit) => Promise.resolve(parts.journal.jobs(limit)),
    show: async (id) => {
      const job = parts.journal.job(id);
      if (!job) throw new StrongroomError("missing", "JOB_UNKNOWN", `there is no job ${String(id)}`, { hint: "see: strongroom job list" });
      return Promise.resolve({ job, events: parts.journal.events(id) });
    },
  };
}
