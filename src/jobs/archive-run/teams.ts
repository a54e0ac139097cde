import { asStrongroomError, worst } from "../../words/index.ts";
import type { RunningJob } from "../runner.ts";

/**
 * The pools of one run, side by side. One that fails does not stop the others: they go on for as long as the spool has what they need. When nobody can go
 * on, because the spool is full of what only the failed ones lack, the run stops with the first failure.
 */
export class PoolTeams {
  readonly #pools: readonly string[];
  readonly #job: Pick<RunningJob, "note">;
  readonly #stop: (error: unknown) => void;
  readonly #failures = new Map<string, unknown>();
  readonly #idle = new Set<string>();

  constructor(pools: readonly string[], job: Pick<RunningJob, "note">, stop: (error: unknown) => void) {
    this.#pools = pools;
    this.#job = job;
    this.#stop = stop;
  }

  failed(pool: string, thrown: unknown): void {
    const error = asStrongroomError(thrown);
    this.#failures.set(pool, thrown);
    this.#idle.delete(pool);
    if (this.#failures.size < this.#pools.length) {
      const text = `pool ${pool} stops at a safe point, the other pools go on: ${error.message}${error.hint === undefined ? "" : `; ${error.hint}`}`;
      this.#job.note(worst("err", error.severity), error.code, text);
    }
    this.#stopIfNobodyCanGoOn();
  }

  /** That pool has nothing to do, and the spool no room for more. */
  idle(pool: string): void {
    this.#idle.add(pool);
    this.#stopIfNobodyCanGoOn();
  }

  busy(pool: string): void {
    this.#idle.delete(pool);
  }

  #stopIfNobodyCanGoOn(): void {
    const [first] = this.#failures.values();
    if (this.#failures.size > 0 && this.#failures.size + this.#idle.size >= this.#pools.length) this.#stop(first);
  }
}
