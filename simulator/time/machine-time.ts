import type { Clock } from "../../src/words/index.ts";

/**
 * How the time that machines take is taken. `machineMs` is time since the library was switched on; a drive that needs some lets it pass, and whoever
 * waits for its answer waits as long.
 */
export interface MachineTime {
  readonly kind: "none" | "virtual" | "real";
  machineMs(): number;
  /** Rejects with the signal's reason once that is aborted. */
  pass(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** Machines take no time at all, and account none. */
export function noTime(): MachineTime {
  return { kind: "none", machineMs: () => 0, pass: () => Promise.resolve() };
}

/** Time is waited for, `factor` times as long as a real machine takes: 1 is as real ones, 0.01 a hundred times as fast. */
export function realTime(clock: Clock, factor: number): MachineTime {
  const startMs = clock.monotonicMs();
  return {
    kind: "real",
    machineMs: () => (clock.monotonicMs() - startMs) / factor,
    pass: async (durationMs, signal) => { await clock.sleep(durationMs * factor, signal); },
  };
}

/**
 * Time is accounted, not waited for. It stands still while anybody works, and jumps to whatever comes first once everybody waits. That everybody
 * waits is known by the event loop: it came round several times and nobody asked for time. A test with files or threads between its machines runs as well,
 * but what those take is taken for waiting.
 */
export class VirtualTime implements MachineTime, Clock {
  readonly kind = "virtual";
  readonly #startMs: number;
  #nowMs = 0;
  /** Those that wait, by the moment they wait for. */
  #waiting: { readonly untilMs: number; readonly wake: () => void }[] = [];
  #stirrings = 0;
  #isWatching = false;

  /** `startMs`: what a calendar shows at the beginning, milliseconds since 1970. */
  constructor(startMs = 0) {
    this.#startMs = startMs;
  }

  machineMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  nowMs(): number {
    return this.#startMs + this.#nowMs;
  }

  pass(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.sleep(durationMs, signal);
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (durationMs <= 0) return Promise.resolve();
    this.#stirrings += 1;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const entry = { untilMs: this.#nowMs + durationMs, wake: () => { resolve(undefined); } };
    this.#waiting.push(entry);
    signal?.addEventListener("abort", () => {
      this.#waiting = this.#waiting.filter((each) => each !== entry);
      reject(signal.reason as Error);
    }, { once: true });
    this.#watch();
    return promise;
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#look(this.#stirrings, idleTurns);
  }

  #look(stirrings: number, turnsLeft: number): void {
    setImmediate(() => {
      if (this.#waiting.length === 0) this.#isWatching = false;
      else if (this.#stirrings !== stirrings) this.#look(this.#stirrings, idleTurns);
      else if (turnsLeft > 1) this.#look(stirrings, turnsLeft - 1);
      else this.#jump();
    });
  }

  #jump(): void {
    const untilMs = Math.min(...this.#waiting.map((each) => each.untilMs));
    const awake = this.#waiting.filter((each) => each.untilMs <= untilMs);
    this.#waiting = this.#waiting.filter((each) => each.untilMs > untilMs);
    this.#nowMs = Math.max(this.#nowMs, untilMs);
    for (const { wake } of awake) wake();
    this.#look(this.#stirrings, idleTurns);
  }
}

/** How often the event loop comes round with nobody stirring before everybody is taken to wait. */
const idleTurns = 2;
