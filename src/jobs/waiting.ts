import type { Clock, StrongroomError } from "../words/index.ts";
import type { RunningJob } from "./runner.ts";

/** What a job needs somebody for, as its record keeps it while it waits. */
export interface OperatorRequest {
  /** The part of the job that waits; the others go on. */
  readonly who: string;
  readonly code: string;
  /** What is needed and where. */
  readonly needs: string;
  readonly hint: string | undefined;
  readonly sinceMs: number;
}

export interface RequestParts {
  readonly job: RunningJob;
  readonly clock: Clock;
  /** How long is waited for one request; 0 not at all, Infinity until it is met. */
  readonly limitMs: number;
  /** After so long a request that still stands is told once more; undefined: never. */
  readonly escalateMs?: number | undefined;
  /** What can be seen without moving anything: changes when somebody did something that may be the answer. Never rejects. */
  look(): Promise<string>;
}

const pollMs = 10_000;
/** Not every answer can be seen, so it is tried again now and then; seldom, because a try may move cartridges. */
const firstTryMs = 60_000;
const tryAgainMs = 10 * 60_000;

/** Requests to the operator: each is told once, is in the job's record for as long as it stands, and ends by itself when it is met. */
export class OperatorRequests {
  readonly #parts: RequestParts;
  readonly #escalated = new Set<string>();
  readonly #standing = new Map<string, OperatorRequest & { readonly tries: number }>();

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.#save();
  }

  /** Returns when another try may help; rejects with `error` when the time for waiting is over. */
  async wait(who: string, error: StrongroomError, signal: AbortSignal): Promise<void> {
    const { clock, limitMs } = this.#parts;
    const request = this.#standingRequest(who, error);
    const endMs = request.sinceMs + limitMs;
    if (clock.nowMs() >= endMs) throw error;
    const tryMs = clock.nowMs() + Math.min(tryAgainMs, firstTryMs * 2 ** request.tries);
    const before = await this.#parts.look();
    while (clock.nowMs() < Math.min(tryMs, endMs)) {
      this.#escalate(who, request);
      await clock.sleep(Math.min(pollMs, endMs - clock.nowMs()), signal);
      if ((await this.#parts.look()) !== before) return;
    }
  }

  /** Once, however often it is tried in between. */
  #escalate(who: string, { sinceMs, needs, hint }: OperatorRequest): void {
    const { escalateMs, clock, job } = this.#parts;
    if (escalateMs === undefined || this.#escalated.has(who) || clock.nowMs() < sinceMs + escalateMs) return;
    this.#escalated.add(who);
    job.note("warn", "OPERATOR_STILL_NEEDED", `${who} has waited for ${String(Math.round((clock.nowMs() - sinceMs) / 60_000))} minutes: ${needs}; ${hint ?? ""}`);
  }

  met(who: string): void {
    const request = this.#standing.get(who);
    if (!request) return;
    this.#standing.delete(who);
    this.#escalated.delete(who);
    this.#parts.job.note("note", "REQUEST_MET", `${who} goes on: what it waited for is there`);
    this.#save();
  }

  #standingRequest(who: string, error: StrongroomError): OperatorRequest & { readonly tries: number } {
    const known = this.#standing.get(who);
    const isSame = known?.code === error.code;
    const sinceMs = known?.sinceMs ?? this.#parts.clock.nowMs();
    const request = { who, code: error.code, needs: error.message, hint: error.hint, sinceMs, tries: isSame ? known.tries + 1 : 0 };
    this.#standing.set(who, request);
    if (!isSame) {
      if (this.#parts.limitMs > 0) this.#parts.job.note("warn", "OPERATOR_REQUESTED", `${who} waits: ${error.message}; ${error.hint ?? ""}`);
      this.#save();
    }
    return request;
  }

  #save(): void {
    const requests = [...this.#standing.values()].map(({ who, code, needs, hint, sinceMs }) => ({ who, code, needs, hint, sinceMs }));
    this.#parts.job.saveProgress({ requests });
  }
}
