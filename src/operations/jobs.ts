import { StrongroomError } from "../words/index.ts";
import type { JobOperations } from "./contract.ts";
import type { OperationParts } from "./parts.ts";

export function jobOperations(parts: OperationParts): JobOperations {
  return {
    list: async (limit) => Promise.resolve(parts.journal.jobs(limit)),
    show: async (id) => {
      const job = parts.journal.job(id);
      if (!job) throw new StrongroomError("missing", "JOB_UNKNOWN", `there is no job ${String(id)}`, { hint: "see: strongroom job list" });
      return Promise.resolve({ job, events: parts.journal.events(id) });
    },
  };
}
