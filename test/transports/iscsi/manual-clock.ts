import type { Clock } from "../../../src/words/index.ts";

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Time passes when the test says so. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #sleepers: Sleeper[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const sleeper = { dueMs: this.#nowMs + durationMs, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      });
    });
  }

  /** Lets that much time pass, in steps in which others get their turn. */
  async pass(durationMs: number, stepMs = 250): Promise<void> {
    for (let passedMs = 0; passedMs < durationMs; passedMs += stepMs) {
      this.#nowMs += stepMs;
      const due = this.#sleepers.filter(({ dueMs }) => dueMs <= this.#nowMs);
      this.#sleepers = this.#sleepers.filter(({ dueMs }) => dueMs > this.#nowMs);
      for (const { wake } of due) wake();
      await turn();
    }
  }
}

/** What is ready to run runs. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
