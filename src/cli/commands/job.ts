import { wholeNumber } from "../reading/index.ts";
import { eventColumns, eventDocument, jobColumns, jobDocument, jobFacts, table } from "../views/index.ts";
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

export const jobCommands: readonly Command[] = [list, show];
