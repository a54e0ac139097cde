import type { SegmentRecord } from "../../records/index.ts";

/**
 * Sealed segments on their way from the one who seals to those who place: each consumer takes them in order, at its own pace.
 * Holds records only, never content.
 */
export class SealedFeed {
  readonly #records = new Map<number, SegmentRecord>();
  readonly #waiting = new Map<number, ((record: SegmentRecord) => void)[]>();
  readonly #failed = Promise.withResolvers<never>();
  readonly #count: number;
  #changed = Promise.withResolvers<undefined>();

  /** `count`: how many segments will come. */
  constructor(count: number) {
    this.#count = count;
    // Nobody may be waiting when it fails.
    this.#failed.promise.catch(() => undefined);
  }

  /** Segment `record.number` is sealed and has its seal. */
  add(record: SegmentRecord): void {
    this.#records.set(record.number, record);
    for (const wake of this.#waiting.get(record.number) ?? []) wake(record);
    this.#waiting.delete(record.number);
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }

  /** Every segment is there. */
  get isComplete(): boolean {
    return this.#records.size >= this.#count;
  }

  has(number: number): boolean {
    return this.#records.has(number);
  }

  /** How much lies ready from that segment on, one after the other, bytes. */
  readyBytes(number: number): number {
    let sum = 0;
    for (let next = this.#records.get(number); next; next = this.#records.get(next.number + 1)) sum += next.facts?.sealedBytes ?? 0;
    return sum;
  }

  /** Resolves with the next segment that is added; rejects when the feed failed. */
  async change(): Promise<void> {
    await Promise.race([this.#changed.promise, this.#failed.promise]);
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
