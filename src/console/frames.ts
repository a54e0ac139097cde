import type { Clock } from "../words/index.ts";
import type { Line } from "./picture/index.ts";
import type { Screen } from "./screen/index.ts";

/** A person sees no more frames than this. */
const leastIntervalMs = 20;
/** On a slow line, what nobody asked for. */
const slowIntervalMs = 1000;

/** Who wants to see something: a person who did something, or the appliance, of which there is news. */
export type Wish = "person" | "news";

/**
 * When the screen is drawn. Whatever happens while a frame is not due, or while the line still carries the last one, is in the next: no frame is ever of the past, and there are no more
 * of them than somebody can see. On a slow line news wait for their second; what a person did never does.
 */
export class Frames {
  readonly #screen: Screen;
  readonly #clock: Clock;
  readonly #lines: () => readonly Line[];
  #wish: Wish | undefined;
  #drawing: Promise<void> | undefined;
  #isClosed = false;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #hurry: (() => void) | undefined;

  constructor(screen: Screen, clock: Clock, lines: () => readonly Line[]) {
    this.#screen = screen;
    this.#clock = clock;
    this.#lines = lines;
  }

  want(wish: Wish): void {
    if (this.#wish !== "person") this.#wish = wish;
    if (wish === "person") this.#hurry?.();
    if (this.#drawing === undefined && !this.#isClosed) this.#drawing = this.#draw();
  }

  /** Resolves when all that was wanted is drawn. */
  async idle(): Promise<void> {
    await this.#drawing;
  }

  close(): void {
    this.#isClosed = true;
    this.#hurry?.();
  }

  async #draw(): Promise<void> {
    try {
      while (this.#wish !== undefined) {
        // What comes in the same turn, such as the keys of a paste, is one frame.
        await new Promise((resolve) => { setImmediate(resolve); });
        await this.#due();
        await this.#screen.ready();
        if (this.#isClosed) return;
        this.#wish = undefined;
        this.#drawnMs = this.#clock.monotonicMs();
        if (!this.#screen.draw(this.#lines())) this.#wish = "person";
      }
    } finally {
      this.#drawing = undefined;
    }
  }

  async #due(): Promise<void> {
    for (;;) {
      const intervalMs = this.#wish === "news" && this.#screen.isSlow ? slowIntervalMs : leastIntervalMs;
      const waitMs = this.#drawnMs + intervalMs - this.#clock.monotonicMs();
      if (waitMs <= 0 || this.#isClosed) return;
      const hurried = Promise.withResolvers<undefined>();
      const slept = new AbortController();
      this.#hurry = () => { hurried.resolve(undefined); };
      await Promise.race([hurried.promise, this.#clock.sleep(waitMs, slept.signal).catch(() => undefined)]);
      slept.abort();
      this.#hurry = undefined;
    }
  }
}
