import { z } from "zod";
import { rfc3339, severities, type Severity } from "../../words/index.ts";
import { parseLine } from "./lines.ts";

/*
 * What the appliance did until a trailer was written, job by job, newest first: the newest with all that happened in them, older ones with their outcome alone. One
 * JSON object a line, encrypted like the catalog. Every trailer has it, so it outlives the cartridges that the work was done on.
 */

export type JobLine = JobHeadLine | JobEventLine;

export interface JobHeadLine {
  readonly line: "job";
  readonly job: number;
  readonly kind: string;
  readonly subject: string;
  readonly requestedBy: string;
  readonly host: string;
  readonly startedMs: number;
  /** Undefined while it is not over. */
  readonly finishedMs?: number;
  readonly severity?: Severity;
  readonly summary?: string;
  /** How many events there were; those that follow may be fewer. */
  readonly events: number;
}

/** Belongs to the job line before it. */
export interface JobEventLine {
  readonly line: "event";
  readonly job: number;
  readonly atMs: number;
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
}

/** The line with its newline. */
export function encodeJobLine(line: JobLine): string {
  if (line.line === "event") {
    const { job, atMs, severity, code, text } = line;
    return `${JSON.stringify({ line: "event", job, time: rfc3339(atMs), severity, code, text })}\n`;
  }
  const { startedMs, finishedMs, requestedBy, severity, summary, events, ...head } = line;
  const end = finishedMs === undefined ? {} : { finished: rfc3339(finishedMs) };
  return `${JSON.stringify({ ...head, requested_by: requestedBy, started: rfc3339(startedMs), ...end, severity, summary, events })}\n`;
}

const natural = z.int().min(0);
const schema = z.discriminatedUnion("line", [
  z.object({
    line: z.literal("job"),
    job: z.int().min(1),
    kind: z.string().max(64),
    subject: z.string().max(4096),
    requested_by: z.string().max(256),
    host: z.string().max(256),
    started: z.iso.datetime(),
    finished: z.iso.datetime().optional(),
    severity: z.enum(severities).optional(),
    summary: z.string().optional(),
    events: natural,
  }),
  z.object({ line: z.literal("event"), job: z.int().min(1), time: z.iso.datetime(), severity: z.enum(severities), code: z.string().max(64), text: z.string() }),
]);

/** Reads one line without its newline. Throws `CATALOG_WRONG`. */
export function decodeJobLine(text: string): JobLine {
  const json = parseLine(text, schema);
  if (json.line === "event") {
    const { job, time, severity, code, text: what } = json;
    return { line: "event", job, atMs: Date.parse(time), severity, code, text: what };
  }
  const { job, kind, subject, host, events, severity, summary, finished } = json;
  return {
    line: "job", job, kind, subject, requestedBy: json.requested_by, host, startedMs: Date.parse(json.started), events,
    ...(finished === undefined ? {} : { finishedMs: Date.parse(finished) }),
    ...(severity === undefined ? {} : { severity }),
    ...(summary === undefined ? {} : { summary }),
  };
}
