import { mkdirSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { formatBytes, StrongroomError } from "../../words/index.ts";

/**
 * The staging area: a folder of whole sealed segments, bounded in size.
 *
 * - Room is reserved before a segment is made and given back when it leaves; `reserve` waits while there is none, or while the disk has less.
 * - Once it was full, it takes nothing more until it has sunk to its low mark: one long filling is easier on disks and tapes than many short ones.
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
  /** Of these, those that lie there whole. */
  readonly #settled = new Set<string>();
  readonly #freeBytes: (folder: string) => number;
  readonly #startBytes: number;
  readonly #unsyncedBytes: number;
  #waiting: { readonly wake: () => void }[] = [];
  /** It was full, and has not sunk to its low mark since. */
  #isDraining = false;

  constructor(folder: string, maxBytes: number, options: SpoolOptions = {}) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#startBytes = Math.min(options.startBytes ?? Math.min(maxBytes / 2, startBytesMost), maxBytes);
    this.#unsyncedBytes = Math.min(options.unsyncedBytes ?? unsyncedBytesMost, maxBytes / 2);
    this.#freeBytes = options.freeBytes ?? freeBytesOf;
    for (const name of readdirSync(folder)) {
      // It may leave between the two looks: somebody else places it.
      const found = name.endsWith(segmentEnding) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined;
      if (found?.isFile() === true) this.#heldBytes.set(name, found.size);
    }
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** How much should lie ready before a drive is started: it stops as seldom as it is started. */
  get startBytes(): number {
    return this.#startBytes;
  }

  /** How much may be on tapes and here as well, because nobody asked yet whether it is on them for sure: so much each drive writes without stopping. */
  get unsyncedBytes(): number {
    return this.#unsyncedBytes;
  }

  /** Somebody waits for room: whatever lies ready should be placed now, however little it is. */
  get isPressed(): boolean {
    return this.#waiting.length > 0;
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
    for (;;) {
      const refusal = this.#refusal(name, sizeBytes);
      if (refusal === undefined) break;
      if (this.#forgetGone()) continue;
      if (this.#own.size === 0) throw refusal;
      await this.#untilReleased(signal);
    }
    this.#heldBytes.set(name, sizeBytes);
    this.#own.add(name);
  }

  /** The segment is there and this process's to release: from now on it counts with its true size. */
  settle(segmentId: number, sizeBytes: number): void {
    this.#heldBytes.set(nameOf(segmentId), sizeBytes);
    this.#own.add(nameOf(segmentId));
    this.#settled.add(nameOf(segmentId));
    this.#wakeAll();
  }

  /** Removes the segment and whatever lies beside it. Fine when it is not there. */
  release(segmentId: number): void {
    const path = this.pathOf(segmentId);
    for (const ending of ["", ".facts", ".tmp", ".facts.tmp"]) rmSync(`${path}${ending}`, { force: true });
    this.#heldBytes.delete(nameOf(segmentId));
    this.#own.delete(nameOf(segmentId));
    this.#settled.delete(nameOf(segmentId));
    this.#wakeAll();
  }

  /** The segments in the folder. */
  segmentIds(): readonly number[] {
    return [...this.#heldBytes.keys()].map((name) => Number(name.slice(0, -segmentEnding.length)));
  }

  /** Why there is no room now; undefined where there is. */
  #refusal(name: string, sizeBytes: number): StrongroomError | undefined {
    const usedBytes = this.usedBytes;
    if (this.#isDraining && usedBytes <= this.#maxBytes * lowShare) this.#isDraining = false;
    // What another run keeps here never drains by this one's work.
    const isHeldBack = this.#isDraining && this.#own.size > 0 && usedBytes > sizeBytes;
    if (usedBytes + sizeBytes > this.#maxBytes || isHeldBack) {
      this.#isDraining = true;
      return spoolFull(usedBytes);
    }
    const freeBytes = this.#freeBytes(this.#folder);
    // What is reserved is not on the disk yet, so it is promised already.
    if (freeBytes - this.#promisedBytes(name) < sizeBytes + diskReserveBytes) return diskFull(this.#folder, freeBytes);
    return undefined;
  }

  /** Reserved by this process and not there yet. */
  #promisedBytes(except: string): number {
    let sum = 0;
    for (const [name, sizeBytes] of this.#heldBytes) {
      if (name === except || this.#settled.has(name) || !this.#own.has(name)) continue;
      sum += Math.max(0, sizeBytes - (statSync(join(this.#folder, `${name}.tmp`), { throwIfNoEntry: false })?.size ?? 0));
    }
    return sum;
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

function diskFull(folder: string, freeBytes: number): StrongroomError {
  return new StrongroomError("operator", "SPOOL_DISK_FULL", `the disk of the spool has ${formatBytes(freeBytes)} left, which is too little for a segment; nothing was lost`, {
    hint: `make room on the disk of ${folder}, or give the spool another one (spool.path in config.json); then the same command again`,
  });
}

export interface SpoolOptions {
  /** How much should lie ready before a drive is started; half the spool, 128 GiB at most, when not said. */
  readonly startBytes?: number;
  /** How much is written at most before it is made sure of; never more than half the spool; 256 GiB when not said. */
  readonly unsyncedBytes?: number;
  /** What the disk of that folder has left for us; tests give their own disk. */
  readonly freeBytes?: (folder: string) => number;
}

/** A drive that was started with so much ready stops less than once in 100 GB. */
const startBytesMost = 128 * 1024 ** 3;
/** What a stretch that was started so comes to while the source goes on at half the drive's speed: the flush at its end is the only one then. */
const unsyncedBytesMost = 2 * startBytesMost;
/** Where sealing goes on after the spool was full. */
const lowShare = 0.75;
/** Left alone on the disk of the spool: the records are often on the same one. */
const diskReserveBytes = 64 * 1024 * 1024;

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

const segmentEnding = ".pgp";
const nameOf = (segmentId: number): string => `${String(segmentId).padStart(10, "0")}${segmentEnding}`;
