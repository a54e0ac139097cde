import { Writable } from "node:stream";
import type { Clock } from "../../words/index.ts";

export type TerminalOutput = Writable & { readonly columns?: number; readonly rows?: number };

/** What may still be on the line when more is sent: a key's effect comes so much later at most. */
const mostWaitingMs = 50;

/**
 * The way to the terminal. It knows what is still under way: what the output did not take yet, and, where the speed of the line is known, what the line has not carried yet. No
 * kernel tells of the latter: it takes thousands of bytes at once, which a line of 9600 baud carries for seconds.
 */
export class Outlet {
  readonly #output: TerminalOutput;
  readonly #clock: Clock;
  readonly #bytesPerSecond: number | undefined;
  readonly #waiting = new Set<() => void>();
  #pendingWrites = 0;
  #lineFreeMs = Number.NEGATIVE_INFINITY;
  #sentBytes = 0;
  /** For whoever writes as to a terminal: every write goes on at once and in order, and nobody is told to wait. */
  readonly stream: TerminalOutput;

  constructor(output: TerminalOutput, clock: Clock, bytesPerSecond: number | undefined) {
    this.#output = output;
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
    const stream = new Writable({
      decodeStrings: true,
      write: (chunk: Uint8Array, _, done) => {
        this.#send(chunk);
        done();
      },
    });
    const onResize = (): void => { stream.emit("resize"); };
    output.on("resize", onResize);
    stream.on("close", () => { output.off("resize", onResize); });
    this.stream = Object.defineProperties(stream, {
      columns: { get: () => output.columns },
      rows: { get: () => output.rows },
      isTTY: { value: true },
    });
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** How many bytes the line carries in so long; undefined where it does not matter. */
  carriedIn(durationMs: number): number | undefined {
    return this.#bytesPerSecond === undefined ? undefined : (this.#bytesPerSecond * durationMs) / 1000;
  }

  async ready(): Promise<void> {
    while (this.#pendingWrites > 0) await new Promise<void>((resolve) => { this.#waiting.add(resolve); });
    const waitMs = this.#lineFreeMs - mostWaitingMs - this.#clock.monotonicMs();
    if (waitMs > 0) await this.#clock.sleep(waitMs);
  }

  #send(chunk: Uint8Array): void {
    this.#sentBytes += chunk.length;
    if (this.#bytesPerSecond !== undefined) {
      this.#lineFreeMs = Math.max(this.#lineFreeMs, this.#clock.monotonicMs()) + (chunk.length * 1000) / this.#bytesPerSecond;
    }
    this.#pendingWrites += 1;
    // Also called when the output is gone: then nobody waits for it any more.
    this.#output.write(chunk, () => {
      this.#pendingWrites -= 1;
      if (this.#pendingWrites > 0) return;
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    });
  }
}
