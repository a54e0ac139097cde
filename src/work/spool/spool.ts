import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { formatBytes, StrongroomError } from "../../words/index.ts";

/**
 * The staging area: a folder of whole sealed segments, bounded in size.
 *
 * - Room is reserved before a segment is made and given back when it leaves; `reserve` waits while there is none.
 * - What is in the folder when it is opened counts from the start. What another process is writing there is not touched: what a killed one
 *   left half made goes when its segment is released.
 * - Waiting ends by `release`, or by the caller's signal. Where nothing of this process is left to be released, waiting could last for ever: the
 *   segments are those of other runs, and `reserve` throws `SPOOL_FULL` (busy).
 */
export class Spool {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #heldBytes = new Map<string, number>();
  /** What this process reserved or settled: it will release it. */
  readonly #own = new Set<string>();
  #waiting: { readonly wake: () => void }[] = [];

  constructor(folder: string, maxBytes: number) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    for (const name of readdirSync(folder)) {
      // It may leave between the two looks: somebody else places it.
      const found = name.endsWith(segmentEnding) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined;
      if (found?.isFile() === true) this.#heldBytes.set(name, found.size);
    }
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  get usedBytes(): number {
    let sum = 0;
    for (const sizeBytes of this.#heldBytes.values()) sum += sizeBytes;
    return sum;
  }

  pathOf(segmentId: number): string {
    return join(this.#folder, nameOf(segmentId));
  }

  has(segmentId: number): boolean {
    return statSync(this.pathOf(segmentId), { throwIfNoEntry: false }) !== undefined;
  }

  /** Waits until `sizeBytes` more fit, and takes them. A segment larger than the whole spool can never fit: `SPOOL_TOO_SMALL`. */
  async reserve(segmentId: number, sizeBytes: number, signal: AbortSignal): Promise<void> {
    if (sizeBytes > this.#maxBytes) {
      throw new StrongroomError(
        "failed",
        "SPOOL_TOO_SMALL",
        `a segment needs ${formatBytes(sizeBytes)} and the whole spool holds ${formatBytes(this.#maxBytes)}; nothing was written`,
        { hint: "raise spool.maxBytes in config.json, or make the archive's segments smaller" },
      );
    }
    const name = nameOf(segmentId);
    while (this.usedBytes + sizeBytes > this.#maxBytes) {
      if (this.#forgetGone()) continue;
      if (this.#own.size === 0) throw spoolFull(this.usedBytes);
      await this.#untilReleased(signal);
    }
    this.#heldBytes.set(name, sizeBytes);
    this.#own.add(name);
  }

  /** The segment is there and this process's to release: from now on it counts with its true size. */
  settle(segmentId: number, sizeBytes: number): void {
    this.#heldBytes.set(nameOf(segmentId), sizeBytes);
    this.#own.add(nameOf(segmentId));
    this.#wakeAll();
  }

  /** Removes the segment and whatever lies beside it. Fine when it is not there. */
  release(segmentId: number): void {
    const path = this.pathOf(segmentId);
    for (const ending of ["", ".facts", ".tmp", ".facts.tmp"]) rmSync(`${path}${ending}`, { force: true });
    this.#heldBytes.delete(nameOf(segmentId));
    this.#own.delete(nameOf(segmentId));
    this.#wakeAll();
  }

  /** The segments in the folder. */
  segmentIds(): readonly number[] {
    return [...this.#heldBytes.keys()].map((name) => Number(name.slice(0, -segmentEnding.length)));
  }

  /** Other processes release what they placed. True when there was something of that kind. */
  #forgetGone(): boolean {
    const gone = [...this.#heldBytes.keys()].filter(
      (name) => !this.#own.has(name) && statSync(join(this.#folder, name), { throwIfNoEntry: false }) === undefined,
    );
    for (const name of gone) this.#heldBytes.delete(name);
    return gone.length > 0;
  }

  async #untilReleased(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiter = { wake: () => { resolve(undefined); } };
    const onAbort = (): void => { reject(signal.reason as Error); };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#waiting.push(waiter);
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
    }
  }

  #wakeAll(): void {
    for (const waiter of this.#waiting) waiter.wake();
  }
}

function spoolFull(usedBytes: number): StrongroomError {
  return new StrongroomError("busy", "SPOOL_FULL", `the spool holds ${formatBytes(usedBytes)} of other runs' segments and has no room; nothing was lost`, {
    hint: "finish those runs first, see: strongroom archive list; or raise spool.maxBytes in config.json; then the same command again",
  });
}

const segmentEnding = ".pgp";
const nameOf = (segmentId: number): string => `${String(segmentId).padStart(10, "0")}${segmentEnding}`;
