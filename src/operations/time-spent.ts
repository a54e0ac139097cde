import type { Clock } from "../words/index.ts";
import type { JobProgress } from "./contract.ts";

type Stages = NonNullable<JobProgress["stages"]>;
type Writing = NonNullable<JobProgress["writing"]>;

/** Where the time of a job goes: to which of its stages, and for each pool to writing or to waiting for what is to be written. */
export class TimeSpent {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #stages = new Map<string, number>();
  readonly #writing = new Map<string, { isWriting: boolean; sinceMs: number; writingMs: number; waitingMs: number }>();
  #stage: { readonly name: string; readonly sinceMs: number } | undefined;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Stages that come again go on where they were. */
  stage(name: string): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#stage !== undefined) this.#stages.set(this.#stage.name, this.#spentIn(this.#stage, nowMs));
    if (!this.#stages.has(name)) this.#stages.set(name, 0);
    this.#stage = { name, sinceMs: nowMs };
  }

  writing(pool: string, isWriting: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#writing.get(pool);
    if (known?.isWriting === isWriting) return;
    this.#writing.set(pool, { ...upTo(known, nowMs), isWriting, sinceMs: nowMs });
  }

  get stages(): Stages {
    const nowMs = this.#clock.monotonicMs();
    return [...this.#stages].map(([stage, spentMs]) => ({ stage, spentMs: stage === this.#stage?.name ? this.#spentIn(this.#stage, nowMs) : spentMs }));
  }

  get pools(): Writing {
    const nowMs = this.#clock.monotonicMs();
    return [...this.#writing].map(([pool, known]) => ({ pool, isWriting: known.isWriting, ...upTo(known, nowMs) }));
  }

  #spentIn({ name, sinceMs }: { readonly name: string; readonly sinceMs: number }, nowMs: number): number {
    return (this.#stages.get(name) ?? 0) + nowMs - sinceMs;
  }
}

interface Known {
  readonly isWriting: boolean;
  readonly sinceMs: number;
  readonly writingMs: number;
  readonly waitingMs: number;
}

function upTo(known: Known | undefined, nowMs: number): Pick<Known, "writingMs" | "waitingMs"> {
  if (known === undefined) return { writingMs: 0, waitingMs: 0 };
  const spentMs = nowMs - known.sinceMs;
  return { writingMs: known.writingMs + (known.isWriting ? spentMs : 0), waitingMs: known.waitingMs + (known.isWriting ? 0 : spentMs) };
}
