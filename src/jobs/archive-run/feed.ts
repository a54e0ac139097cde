import type { SegmentRecord } from "../../records/index.ts";

/**
 * Sealed segments on their way from the one who seals to those who place: each consumer takes them in order, at its own pace.
 * Holds records only, never content.
 */
export class SealedFeed {
  readonly #records = new Map<number, SegmentRecord>();
  readonly #waiting = new Map<number, ((record: SegmentRecord) => void)[]>();
  readonly #failed = Promise.withResolvers<never>();

  constructor() {
    // Nobody may be waiting when it fails.
    this.#failed.promise.catch(() => undefined);
  }

  /** Segment `record.number` is sealed and has its seal. */
  add(record: SegmentRecord): void {
    this.#records.set(record.number, record);
    for (const wake of this.#waiting.get(record.number) ?? []) wake(record);
    this.#waiting.delete(record.number);
  }

  /** Whoever waits, or will, gets this error. */
  fail(error: unknown): void {
    this.#failed.reject(error);
  }

  async segment(number: number): Promise<SegmentRecord> {
    const known = this.#records.get(number);
    if (known) return known;
    const arrival = new Promise<SegmentRecord>((resolve) => {
      this.#waiting.set(number, [...(this.#waiting.get(number) ?? []), resolve]);
    });
    return await Promise.race([arrival, this.#failed.promise]);
  }
}
