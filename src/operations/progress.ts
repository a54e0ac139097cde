import type { Clock } from "../words/index.ts";
import type { JobObserver, JobProgress } from "./contract.ts";
import { TimeSpent } from "./time-spent.ts";

/** Progress is told at most this often: a job makes thousands of small steps a second. */
const intervalMs = 200;

/** Adds up what the pieces of a job tell, and passes it on now and then. */
export class ProgressMeter {
  readonly #clock: Clock;
  readonly #observer: JobObserver;
  readonly #spoolFill: () => number;
  readonly #cartridges = new Map<string, number>();
  readonly #spent: TimeSpent;
  #progress: JobProgress;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(jobId: number, clock: Clock, observer: JobObserver, spoolFill: () => number = () => 0) {
    this.#clock = clock;
    this.#observer = observer;
    this.#spoolFill = spoolFill;
    this.#spent = new TimeSpent(clock);
    this.#progress = {
      jobId,
      stage: "starting",
      doneBytes: 0,
      totalBytes: undefined,
      doneEntries: 0,
      totalEntries: undefined,
      spoolFill: 0,
      errors: 0,
      cartridges: [],
      current: undefined,
    };
  }

  stage(stage: string, totalBytes: number | undefined, totalEntries: number | undefined): void {
    this.#progress = { ...this.#progress, stage, totalBytes, totalEntries, doneBytes: 0, doneEntries: 0, current: undefined };
    this.#spent.stage(stage);
    this.#tell(true);
  }

  /** Whether the drive of that pool has something to write; otherwise it stands. */
  writing(pool: string, isWriting: boolean): void {
    this.#spent.writing(pool, isWriting);
    this.#tell(false);
  }

  bytes(countBytes: number): void {
    this.#change({ doneBytes: this.#progress.doneBytes + countBytes });
  }

  entries(count: number): void {
    this.#change({ doneEntries: this.#progress.doneEntries + count });
  }

  current(path: Uint8Array): void {
    this.#change({ current: path });
  }

  cartridge(barcode: string, fill: number): void {
    this.#cartridges.set(barcode, fill);
    this.#change({ cartridges: [...this.#cartridges].map(([known, share]) => ({ barcode: known, fill: share })) });
  }

  #change(change: Partial<JobProgress>): void {
    Object.assign(this.#progress, change);
    this.#tell(false);
  }

  #tell(isStage: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    if (!isStage && nowMs - this.#toldMs < intervalMs) return;
    this.#toldMs = nowMs;
    this.#observer.progress({ ...this.#progress, spoolFill: this.#spoolFill(), stages: this.#spent.stages, writing: this.#spent.pools });
  }
}
