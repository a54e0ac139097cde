import { Worker } from "node:worker_threads";
import { StrongroomError } from "../../words/index.ts";
import type { SealTask, SegmentOutcome } from "./task.ts";

interface Answer {
  readonly outcome?: SegmentOutcome;
  readonly failure?: { readonly message: string; readonly code: string | undefined };
}

const workerOptions = {
  // Descriptors come from native code, which Node.js does not know of; its own book-keeping would only warn about them.
  trackUnmanagedFds: false,
  // Sealing leaves little behind that lives long: more room for the young would only be memory that is collected later.
  resourceLimits: { maxYoungGenerationSizeMb: 12 },
} as const;

interface Hand {
  readonly worker: Worker;
  settle: { readonly resolve: (outcome: SegmentOutcome) => void; readonly reject: (error: unknown) => void } | undefined;
}

/**
 * Threads that seal segments side by side.
 *
 * - `seal` waits for a free thread, so no more segments are in the making than there are threads.
 * - A thread that dies rejects its segment with `SEAL_WORKER_DIED` and is replaced; nothing else is touched.
 * - `close` ends the threads at once; what they had not finished has no name in the spool.
 */
export class SealCrew {
  readonly #hands: Hand[] = [];
  readonly #free: Hand[] = [];
  readonly #queue: ((hand: Hand) => void)[] = [];
  #closed = false;

  constructor(threads: number) {
    for (let count = 0; count < threads; count += 1) this.#hire();
  }

  get threads(): number {
    return this.#hands.length;
  }

  async seal(task: SealTask): Promise<SegmentOutcome> {
    const hand = this.#free.pop() ?? (await new Promise<Hand>((resolve) => this.#queue.push(resolve)));
    return await new Promise<SegmentOutcome>((resolve, reject) => {
      hand.settle = { resolve, reject };
      hand.worker.postMessage(task, [task.sessionKey.buffer as ArrayBuffer]);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#hands.map(({ worker }) => worker.terminate()));
  }

  #hire(): void {
    const hand: Hand = { worker: new Worker(new URL("./worker.ts", import.meta.url), workerOptions), settle: undefined };
    hand.worker.on("message", (answer: Answer) => {
      const settle = hand.settle;
      hand.settle = undefined;
      this.#release(hand);
      if (answer.outcome) settle?.resolve(answer.outcome);
      else settle?.reject(asError(answer.failure));
    });
    hand.worker.on("error", (error) => { this.#dismiss(hand, error); });
    hand.worker.on("exit", () => { this.#dismiss(hand, undefined); });
    this.#hands.push(hand);
    this.#release(hand);
  }

  #release(hand: Hand): void {
    const next = this.#queue.shift();
    if (next) next(hand);
    else this.#free.push(hand);
  }

  #dismiss(hand: Hand, cause: unknown): void {
    const at = this.#hands.indexOf(hand);
    if (at < 0) return;
    this.#hands.splice(at, 1);
    if (this.#free.includes(hand)) this.#free.splice(this.#free.indexOf(hand), 1);
    hand.settle?.reject(
      new StrongroomError("temporary", "SEAL_WORKER_DIED", "a sealing thread ended before its segment was whole; nothing was lost", {
        hint: "run the same command again; it goes on at this segment",
        cause,
      }),
    );
    if (!this.#closed) this.#hire();
  }
}

function asError(failure: Answer["failure"]): StrongroomError {
  if (failure?.code === "ENOSPC" || failure?.code === "EDQUOT") {
    return new StrongroomError("failed", "SPOOL_DISK_FULL", "the spool's disk is full; segments that were finished are safe", {
      hint: "free space there, or give spool.path another disk, and run the same command again",
    });
  }
  // What fails in the source is told of its entry; this is where the segment goes.
  if (failure?.code === "EIO") {
    return new StrongroomError("failed", "SPOOL_DISK_FAILED", "the spool's disk failed (EIO); segments that were finished are safe", {
      severity: "fatal",
      hint: "look at the kernel log (dmesg), or give spool.path another disk, and run the same command again; it goes on at this segment",
    });
  }
  return new StrongroomError("failed", "SEAL_FAILED", `a segment could not be sealed: ${failure?.message ?? "no answer"}`, {
    hint: "run the same command again; it goes on at this segment",
  });
}
