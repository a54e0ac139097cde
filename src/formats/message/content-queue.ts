/** No more elements at once than the lanes take. */
const elementsMax = 2048;

/** File content waiting to be hashed beside the sealing, and the digests that came of it. */
export class ContentQueue {
  #stretches: (Uint8Array | null)[] = [];
  #next = 0;
  #waitingBytes = 0;
  #digests = Buffer.alloc(64 * 32);
  #digestCount = 0;

  /** Content bytes not yet taken. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  get isEmpty(): boolean {
    return this.#next === this.#stretches.length;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#stretches.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  end(): void {
    this.#stretches.push(null);
  }

  /** The next elements of about `budgetBytes`; end marks that follow directly come along. */
  take(budgetBytes: number): (Uint8Array | null)[] {
    const taken: (Uint8Array | null)[] = [];
    let left = budgetBytes;
    while (this.#next < this.#stretches.length && taken.length < elementsMax) {
      const stretch = this.#stretches[this.#next] ?? null;
      if (stretch !== null && left <= 0) break;
      if (stretch !== null && stretch.length > left) {
        taken.push(stretch.subarray(0, left));
        this.#stretches[this.#next] = stretch.subarray(left);
        this.#waitingBytes -= left;
        break;
      }
      taken.push(stretch);
      this.#next += 1;
      if (stretch !== null) {
        left -= stretch.length;
        this.#waitingBytes -= stretch.length;
      }
    }
    if (this.isEmpty) {
      this.#stretches = [];
      this.#next = 0;
    }
    return taken;
  }

  /** Room for the digests of what was taken, to be filled before the next call. */
  digestRoom(taken: readonly (Uint8Array | null)[]): Uint8Array {
    let ends = 0;
    for (const stretch of taken) if (stretch === null) ends += 1;
    const from = this.#digestCount * 32;
    const to = from + ends * 32;
    if (to > this.#digests.length) {
      const larger = Buffer.alloc(Math.max(to, this.#digests.length * 2));
      larger.set(this.#digests.subarray(0, from));
      this.#digests = larger;
    }
    this.#digestCount += ends;
    return this.#digests.subarray(from, to);
  }

  /** All digests so far, 32 bytes each. */
  digests(): Uint8Array {
    return new Uint8Array(this.#digests.subarray(0, this.#digestCount * 32));
  }
}
