import { encodeJobLine } from "../../formats/volume/index.ts";
import type { JobRecord, Journal } from "../../records/index.ts";

/** Before compression, which makes a tenth of it: a trailer is to stay small beside what it closes. */
const wholeBytesMax = 2 * 1024 * 1024;
const jobsMax = 10_000;

/** What the journal knows, newest first: with all events as long as that is little, then with the outcome alone; the oldest of very many are left away. */
export function* jobLines(journal: Pick<Journal, "jobs" | "events">): Generator<string> {
  let leftBytes = wholeBytesMax;
  for (const job of journal.jobs(jobsMax)) {
    const events = journal.events(job.id);
    yield headLine(job, events.length);
    for (const { timeMs, severity, code, text } of leftBytes > 0 ? events : []) {
      const line = encodeJobLine({ line: "event", job: job.id, atMs: timeMs, severity, code, text });
      leftBytes -= line.length;
      if (leftBytes <= 0) break;
      yield line;
    }
  }
}

function headLine({ id, kind, subject, requestedBy, owner, startedMs, finishedMs, severity, summary }: JobRecord, events: number): string {
  return encodeJobLine({
    line: "job", job: id, kind, subject, requestedBy, host: owner.host, startedMs, events,
    ...(finishedMs === undefined ? {} : { finishedMs }),
    ...(severity === undefined ? {} : { severity }),
    ...(summary === undefined ? {} : { summary }),
  });
}
