import type { LeftOut } from "../../records/index.ts";
import type { NoticeListener } from "../../work/plan/index.ts";
import type { RunningJob } from "../runner.ts";

/** More lines than this about single entries say nothing new: what is left out stands in the catalog, with its path. */
const linesMax = 1000;
/** What is kept with its path: it is in the log of every session of the snapshot too. */
export const leftOutMax = 10_000;

/** Takes what a walk leaves out: told in the job's log, and kept with its path; beyond the bounds it is counted. */
export class LeftOutList {
  readonly entries: LeftOut[] = [];
  readonly #job: Pick<RunningJob, "note">;
  #count = 0;

  constructor(job: Pick<RunningJob, "note">) {
    this.#job = job;
  }

  readonly take: NoticeListener = (severity, code, text, path) => {
    this.#count += 1;
    if (this.#count <= linesMax) this.#job.note(severity, code, text);
    if (this.entries.length < leftOutMax) this.entries.push({ path: Uint8Array.from(path), severity, code, text });
  };

  /** Says once what its bounds kept from the log. */
  finish(): void {
    if (this.#count <= linesMax) return;
    const kept = this.#count <= leftOutMax ? "all" : `the first ${String(leftOutMax)}`;
    this.#job.note("warn", "MORE_LEFT_OUT", `${String(this.#count - linesMax)} more were left out than are told here; ${kept} are kept with their paths`);
  }
}
