import type { ScannerConfig } from "../../records/index.ts";
import { asStrongroomError, type Clock, printableSentence } from "../../words/index.ts";
import { CodeReader, type ReadCodes } from "./code-reader.ts";
import type { OpenScannerPort, ScannerChange, ScannerListener } from "./contract.ts";

/** How long it waits before it looks for a scanner again: from the first to the longest, twice as long each time. */
export const retryMs = { first: 500, longest: 15_000 } as const;
/** A line that held this long begins anew with the shortest wait when it is gone: one that comes and goes all the time does not. */
const steadyMs = 5000;

export interface WatchParts {
  readonly open: OpenScannerPort;
  readonly clock: Clock;
  readonly listener: ScannerListener;
}

export interface ScannerWatch {
  /** Lets go of all lines; nothing is told afterwards. */
  close(): void;
}

/** Listens to these scanners, whether they are there or not: one that is pulled out is looked for until it is back. */
export function watchScanners(scanners: readonly ScannerConfig[], parts: WatchParts): ScannerWatch {
  const end = new AbortController();
  for (const settings of scanners) void new Watched(settings, parts, end.signal).run();
  return { close: () => { end.abort(); } };
}

class Watched {
  readonly #settings: ScannerConfig;
  readonly #parts: WatchParts;
  readonly #signal: AbortSignal;
  #told: ScannerChange["now"] = "there";

  constructor(settings: ScannerConfig, parts: WatchParts, signal: AbortSignal) {
    this.#settings = settings;
    this.#parts = parts;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const { clock } = this.#parts;
    let waitMs: number = retryMs.first;
    while (!this.#signal.aborted) {
      const begunMs = clock.monotonicMs();
      const why = await this.#listen();
      if (clock.monotonicMs() - begunMs >= steadyMs) waitMs = retryMs.first;
      this.#tell({ path: this.#settings.path, now: "gone", why });
      await clock.sleep(waitMs, this.#signal).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, retryMs.longest);
    }
  }

  /** For as long as the line is there; gives why it is not. */
  async #listen(): Promise<string> {
    const gone = Promise.withResolvers<undefined>();
    const onEnd = (): void => { gone.resolve(undefined); };
    const reader = new CodeReader(this.#settings.suffix);
    this.#signal.addEventListener("abort", onEnd, { once: true });
    try {
      const port = await this.#parts.open(this.#settings, {
        bytes: (chunk) => {
          this.#pass(reader.feed(chunk, this.#parts.clock.monotonicMs()));
          void this.#endByPause(reader);
        },
        closed: onEnd,
      });
      if (!this.#signal.aborted) {
        this.#tell({ path: this.#settings.path, now: "there" });
        await gone.promise;
      }
      await port.close();
      return "";
    } catch (thrown) {
      return printableSentence(asStrongroomError(thrown).message);
    } finally {
      this.#signal.removeEventListener("abort", onEnd);
    }
  }

  async #endByPause(reader: CodeReader): Promise<void> {
    const { clock } = this.#parts;
    const deadlineMs = reader.deadlineMs;
    if (deadlineMs === undefined) return;
    await clock.sleep(Math.max(1, deadlineMs - clock.monotonicMs()), this.#signal).catch(() => undefined);
    this.#pass(reader.flush(clock.monotonicMs()));
  }

  #pass({ codes, garbled }: ReadCodes): void {
    if (this.#signal.aborted) return;
    const { path, baudRate } = this.#settings;
    if (garbled > 0) this.#tell({ path, now: "garbled", baudRate });
    for (const code of codes) {
      // It reads again, which needs no telling: the code itself shows it.
      this.#told = "there";
      this.#parts.listener.scan(code);
    }
  }

  #tell(change: ScannerChange): void {
    if (this.#signal.aborted || change.now === this.#told) return;
    this.#told = change.now;
    this.#parts.listener.changed(change);
  }
}
