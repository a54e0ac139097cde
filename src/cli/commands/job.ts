import { severities, StrongroomError } from "../../words/index.ts";
import { wholeNumber } from "../reading/index.ts";
import { eventColumns, eventDocument, jobColumns, jobDocument, jobFacts, logColumns, table } from "../views/index.ts";
import type { Command } from "./command.ts";

const list: Command = {
  noun: "job",
  verb: "list",
  summary: "list the jobs, newest first",
  options: [{ flags: "--limit N", summary: "at most so many", otherwise: "20" }],
  examples: [{ line: "strongroom job list", what: "the last twenty" }],
  async run({ typed, answer, operations, units }) {
    const limit = wholeNumber(typed.option("--limit") ?? "20", "--limit", 1, 100_000);
    const jobs = await (await operations()).job.list(limit);
    answer.document({ jobs: jobs.map(jobDocument) }, () => { answer.table(table(jobColumns, jobs, units)); });
    if (jobs.length === 0) answer.next("strongroom archive run NAME");
  },
};

const show: Command = {
  noun: "job",
  verb: "show",
  summary: "show a job and everything that happened in it",
  arguments: [{ name: "ID", summary: "number of the job" }],
  examples: [{ line: "strongroom job show 7", what: "state, outcome, events" }],
  async run({ typed, answer, operations, units }) {
    const { job, events } = await (await operations()).job.show(wholeNumber(typed.required("ID"), "job", 1, Number.MAX_SAFE_INTEGER));
    answer.document({ ...jobDocument(job), events: events.map(eventDocument) }, () => {
      answer.facts(jobFacts(job));
      if (events.length > 0) answer.table(table(eventColumns, events, units));
    });
  },
};

const log: Command = {
  noun: "job",
  verb: "log",
  summary: "show what happened in all jobs, newest first",
  details:
    "Every volume carries this log, as it was when the volume was last closed, and records that are made anew from the volumes have it again: it outlives cartridges that are written over. " +
    "From a volume alone: docs/FORMAT.md, jobs-BARCODE-NNNNNN-PP.pgp.",
  options: [
    { flags: "--severity SEVERITY", summary: "only what is at least that grave", choices: severities, otherwise: "note" },
    { flags: "--limit N", summary: "at most so many", otherwise: "100" },
  ],
  examples: [
    { line: "strongroom job log", what: "the last hundred things" },
    { line: "strongroom job log --severity err --limit 10000", what: "everything that ever went wrong" },
  ],
  async run({ typed, answer, operations, units }) {
    const limit = wholeNumber(typed.option("--limit") ?? "100", "--limit", 1, 1_000_000);
    const atLeast = severities.find((severity) => severity === typed.option("--severity")) ?? "note";
    const events = await (await operations()).job.log({ atLeast, limit });
    answer.document({ events: events.map((event) => ({ job: event.jobId, ...eventDocument(event) })) }, () => { answer.table(table(logColumns, events, units)); });
  },
};

const resume: Command = {
  noun: "job",
  verb: "resume",
  summary: "go on with a job that was interrupted, or with all of them",
  details:
    "The same as running the job's own command again. A job of a process that died is interrupted by that alone: there is no lock to break. " +
    "A restore needs a key, and so its own command.",
  arguments: [{ name: "ID", summary: "number of the job; all that are interrupted where it is left out", optional: true }],
  examples: [
    { line: "strongroom job resume", what: "after a power cut" },
    { line: "strongroom job resume 7", what: "one of them" },
  ],
  async run(call) {
    const { typed, answer } = call;
    const { job } = await call.operations();
    const named = typed.argument("ID");
    const ids = named === undefined ? (await job.interrupted()).map(({ id }) => id) : [wholeNumber(named, "job", 1, Number.MAX_SAFE_INTEGER)];
    let problem: StrongroomError | undefined;
    for (const id of ids) {
      try {
        const result = await call.job((options) => job.resume(id, options));
        answer.result(result, {}, () => { answer.line(result.summary); });
      } catch (thrown) {
        // One that cannot go on keeps none of the others from it; a person who asks it to stop means all.
        if (named !== undefined || !(thrown instanceof StrongroomError)) throw thrown;
        problem ??= thrown;
        answer.next(`job ${String(id)}: ${thrown.message}`);
      }
    }
    if (problem !== undefined) throw problem;
    if (ids.length === 0) answer.record("note", { text: "no job is interrupted" }, () => "no job is interrupted");
  },
};

export const jobCommands: readonly Command[] = [list, show, log, resume];
