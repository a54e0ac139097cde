import type { Clock } from "../../words/index.ts";
import type { Spool } from "../../work/spool/index.ts";
import type { SealedFeed } from "./feed.ts";

export interface StretchParts {
  readonly feed: SealedFeed;
  readonly spool: Pick<Spool, "isPressed" | "startBytes">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called at the end of a stretch: the drive stops now anyway. */
  ended(): Promise<void>;
  /** Called while this pool has nothing to do and the spool has no room for more: whatever it holds on to, others may need. */
  idle(): Promise<void>;
  /** Called when it has something to do again. */
  busy(): void;
}

/** The spool and the drives are looked at so often while a pool has nothing to do. */
const lookMs = 1000;

/**
 * The stretches in which one pool places: a stretch begins when enough lies ready that the drive need not stop soon, or no more can come; it ends
 * when nothing lies ready any more. A drive that starts for every segment wears itself and the tape, and takes longer.
 */
export class Stretch {
  readonly #parts: StretchParts;

  constructor(parts: StretchParts) {
    this.#parts = parts;
  }

  /** Returns when that segment should be placed; at once within a stretch. */
  async ready(number: number): Promise<void> {
    const { feed, clock, signal } = this.#parts;
    if (feed.has(number)) return;
    await this.#parts.ended();
    while (!this.#isWorthStarting(number)) {
      signal.throwIfAborted();
      if (this.#parts.spool.isPressed) await this.#parts.idle();
      await Promise.race([feed.change(), clock.sleep(lookMs, signal)]);
    }
    this.#parts.busy();
  }

  #isWorthStarting(number: number): boolean {
    const { feed, spool } = this.#parts;
    const readyBytes = feed.readyBytes(number);
    return feed.isComplete || readyBytes >= spool.startBytes || (readyBytes > 0 && spool.isPressed);
  }
}
