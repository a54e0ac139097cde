export type Direction = "writing" | "reading";

/** Of one direction, as pages 02 and 03 tell it (SPC-5, 7.3.8). */
export interface ErrorCount {
  readonly bytes: number;
  /** Rewrites or rereads that helped. */
  readonly retries: number;
  readonly uncorrected: number;
}

/** What happened last (SSC-5, 8.2.8). */
export interface ErrorRecord {
  readonly opcode: number;
  readonly key: number;
  readonly code: number;
}

const mostRecords = 8;
const none: ErrorCount = { bytes: 0, retries: 0, uncorrected: 0 };

/** Counts since the cartridge came in, and of those what has come since the pages were reset. */
export class ErrorCounts {
  #counts = { writing: none, reading: none };
  #atReset = { writing: none, reading: none };
  #records: readonly ErrorRecord[] = [];

  loaded(): void {
    this.#counts = { writing: none, reading: none };
    this.#atReset = { writing: none, reading: none };
  }

  add(direction: Direction, { bytes = 0, retries = 0, uncorrected = 0 }: Partial<ErrorCount>): void {
    const before = this.#counts[direction];
    this.#counts[direction] = { bytes: before.bytes + bytes, retries: before.retries + retries, uncorrected: before.uncorrected + uncorrected };
  }

  sinceLoad(direction: Direction): ErrorCount {
    return this.#counts[direction];
  }

  sinceReset(direction: Direction): ErrorCount {
    const [now, then] = [this.#counts[direction], this.#atReset[direction]];
    return { bytes: now.bytes - then.bytes, retries: now.retries - then.retries, uncorrected: now.uncorrected - then.uncorrected };
  }

  reset(direction: Direction): void {
    this.#atReset[direction] = this.#counts[direction];
  }

  note(record: ErrorRecord): void {
    this.#records = [record, ...this.#records].slice(0, mostRecords);
  }

  /** The last eight, the latest first. */
  records(): readonly ErrorRecord[] {
    return this.#records;
  }

  forgetRecords(): void {
    this.#records = [];
  }
}
