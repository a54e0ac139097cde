/** Smaller ones are not worth keeping. */
const smallestKeptBytes = 64 * 1024;
/** What a session keeps for the next commands; more would be missed by others. Blocks of the usual sizes come one or two at a time. */
const mostKeptBytes = 4 * 1024 * 1024;

/** A piece of memory of at least the size that was asked for. */
export interface Lease {
  readonly bytes: Uint8Array;
  readonly heldBytes: number;
}

/** What all sessions of a portal have together. */
export class MemoryAccount {
  readonly #limitBytes: number;
  #takenBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get takenBytes(): number {
    return this.#takenBytes;
  }

  take(sizeBytes: number): boolean {
    if (this.#takenBytes + sizeBytes > this.#limitBytes) return false;
    this.#takenBytes += sizeBytes;
    return true;
  }

  give(sizeBytes: number): void {
    this.#takenBytes -= sizeBytes;
  }
}

/**
 * Memory for the data of one session. What is given back is used again, so that a stream of blocks needs no new memory; all of it
 * together stays within a limit, and within that of the portal. Contents are what the last use of the same session left, or zeros: whatever a
 * faulty device claims to have filled, nothing else of this process goes out.
 */
export class BufferStock {
  readonly #limitBytes: number;
  readonly #account: MemoryAccount;
  readonly #free = new Map<number, Uint8Array[]>();
  #leasedBytes = 0;
  #freeBytes = 0;
  #isClosed = false;

  constructor(limitBytes: number, account: MemoryAccount) {
    this.#limitBytes = limitBytes;
    this.#account = account;
  }

  /** Whether nothing is leased, so that nothing will be given back. */
  get isIdle(): boolean {
    return this.#leasedBytes === 0;
  }

  /** Undefined where that much is not left at present. */
  lease(sizeBytes: number): Lease | undefined {
    const heldBytes = classOf(sizeBytes);
    if (this.#leasedBytes + heldBytes > this.#limitBytes) return undefined;
    const kept = this.#free.get(heldBytes)?.pop();
    if (kept !== undefined) this.#freeBytes -= heldBytes;
    else if (!this.#take(heldBytes)) return undefined;
    this.#leasedBytes += heldBytes;
    return { bytes: kept ?? new Uint8Array(heldBytes), heldBytes };
  }

  giveBack({ bytes, heldBytes }: Lease): void {
    this.#leasedBytes -= heldBytes;
    if (heldBytes < smallestKeptBytes || this.#freeBytes + heldBytes > mostKeptBytes || this.#isClosed) {
      this.#account.give(heldBytes);
      return;
    }
    const kept = this.#free.get(heldBytes) ?? [];
    kept.push(bytes);
    this.#free.set(heldBytes, kept);
    this.#freeBytes += heldBytes;
  }

  /** As given back, but somebody may still write into it: it is left to the collector. */
  forget({ heldBytes }: Lease): void {
    this.#leasedBytes -= heldBytes;
    this.#account.give(heldBytes);
  }

  /** Keeps nothing any more; what is still leased may come back. */
  close(): void {
    this.#isClosed = true;
    this.#dropFree();
  }

  /** What is kept makes room before anything is refused. */
  #take(heldBytes: number): boolean {
    if (this.#leasedBytes + this.#freeBytes + heldBytes > this.#limitBytes) this.#dropFree();
    if (this.#account.take(heldBytes)) return true;
    this.#dropFree();
    return this.#account.take(heldBytes);
  }

  #dropFree(): void {
    this.#account.give(this.#freeBytes);
    this.#free.clear();
    this.#freeBytes = 0;
  }
}

/** Four sizes to each power of two: little is wasted, few sizes are kept, and any of them fits many requests. */
function classOf(sizeBytes: number): number {
  const step = Math.max(4096, 2 ** (Math.floor(Math.log2(Math.max(1, sizeBytes))) - 2));
  return Math.max(1, Math.ceil(sizeBytes / step)) * step;
}
