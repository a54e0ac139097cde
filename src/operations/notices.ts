import type { EventListener, JobKind } from "../jobs/index.ts";
import { printable, type Severity, severities, StrongroomError } from "../words/index.ts";
import { configOf, type OperationParts } from "./parts.ts";

type JobEventHeard = Parameters<EventListener["event"]>[0];

/** So much of a job's log is sent; the rest is told by `job show`. */
const eventsMax = 20;
/** Codes of events that somebody has to hear of at once. */
const urgent: ReadonlySet<string> = new Set(["OPERATOR_REQUESTED", "OPERATOR_STILL_NEEDED"]);

/** Tells people outside what they should know of one job: when it needs somebody, and when it ends with warn or worse. Without a command configured, nothing. */
export class JobNotices {
  readonly #parts: OperationParts;
  readonly #what: JobKind;
  readonly #events: JobEventHeard[] = [];
  readonly #sent: Promise<void>[] = [];

  constructor(parts: OperationParts, what: JobKind) {
    this.#parts = parts;
    this.#what = what;
  }

  heard(jobId: number, event: JobEventHeard): void {
    if (isGrave(event.severity)) this.#events.push(event);
    if (this.#events.length > eventsMax) this.#events.shift();
    if (urgent.has(event.code)) this.#send(jobId, `needs somebody: ${this.#name()}`, [event.text]);
  }

  /** The job is over, or stopped at a safe point. Returns when everything was sent, or could not be. */
  async ended(jobId: number, severity: Severity, summary: string): Promise<void> {
    if (isGrave(severity)) this.#send(jobId, `${severity}: ${this.#name()}`, [summary, "", ...this.#events.map((event) => `${event.severity} ${event.code}: ${event.text}`)]);
    await Promise.all(this.#sent);
  }

  #name(): string {
    return `${this.#what.kind} ${this.#what.subject}`;
  }

  #send(jobId: number, subject: string, lines: readonly string[]): void {
    const whole = [...lines, "", `more: strongroom job show ${String(jobId)}`];
    const sending = sendNotice(this.#parts, subject, whole).then(() => undefined, (error: unknown) => {
      const text = error instanceof StrongroomError ? error.message : String(error);
      this.#parts.journal.addEvent({ jobId, timeMs: this.#parts.clock.nowMs(), severity: "note", code: "NOTICE_NOT_SENT", text });
    });
    this.#sent.push(sending);
  }
}

/** Gives a message to the configured command; false where none is configured. Rejects with NOTICE_NOT_SENT. */
export async function sendNotice(parts: OperationParts, subject: string, lines: readonly string[]): Promise<boolean> {
  const { notify, appliance } = configOf(parts);
  if (notify === undefined) return false;
  // The first line is a header, which must stay one line whatever is in it.
  const head = `Subject: strongroom ${appliance.name} ${printable(subject)}`.slice(0, 200);
  const failure = await parts.runCommand(notify.command, `${head}\n\n${lines.map((line) => (line === "" ? "" : printable(line))).join("\n")}\n`);
  if (failure === undefined) return true;
  throw new StrongroomError("failed", "NOTICE_NOT_SENT", `the command that notifies people failed: ${failure}; the work itself is not affected`, {
    hint: "try it by hand, correct notify.command in config.json, and run: strongroom appliance notify",
  });
}

function isGrave(severity: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf("warn");
}
