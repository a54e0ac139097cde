/** Smaller ones are not worth keeping. */
const smallestKeptBytes = 64 * 1024;

/** A piece of memory of at least the size that was asked for. */
export interface Lease {
  readonly bytes: Uint8Array;
  readonly heldBytes: number;
}

/**
 * Memory for the data of one session. What is given back is used again, so that a stream of blocks needs no new memory; all of it
 * together stays within a limit. Contents are what the last use of the same session left,
 * or zeros: whatever a faulty device claims to have filled, nothing else of this process goes out.
 */
export class BufferStock {
  readonly #limitBytes: number;
  readonly #free = new Map<number, Uint8Array[]>();
  #leasedBytes = 0;
  #freeBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Undefined where that much is not left at present. */
  lease(sizeBytes: number): Lease | undefined {
    const heldBytes = classOf(sizeBytes);
    if (this.#leasedBytes + heldBytes > this.#limitBytes) return undefined;
    this.#leasedBytes += heldBytes;
    const kept = this.#free.get(heldBytes)?.pop();
    if (kept !== undefined) this.#freeBytes -= heldBytes;
    else if (this.#leasedBytes + this.#freeBytes > this.#limitBytes) this.#dropFree();
    return { bytes: kept ?? new Uint8Array(heldBytes), heldBytes };
  }

  giveBack({ bytes, heldBytes }: Lease): void {
    this.#leasedBytes -= heldBytes;
    if (heldBytes < smallestKeptBytes) return;
    const kept = this.#free.get(heldBytes) ?? [];
    kept.push(bytes);
    this.#free.set(heldBytes, kept);
    this.#freeBytes += heldBytes;
  }

  /** As given back, but somebody may still write into it: it is left to the collector. */
  forget({ heldBytes }: Lease): void {
    this.#leasedBytes -= heldBytes;
  }

  #dropFree(): void {
    this.#free.clear();
    this.#freeBytes = 0;
  }
}

/** Four sizes to each power of two: little is wasted, few sizes are kept, and any of them fits many requests. */
function classOf(sizeBytes: number): number {
  const step = Math.max(4096, 2 ** (Math.floor(Math.log2(Math.max(1, sizeBytes))) - 2));
  return Math.max(1, Math.ceil(sizeBytes / step)) * step;
}
