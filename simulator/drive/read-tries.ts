/** More are not counted at once; the oldest begins anew. */
const mostCounted = 10_000;

/** How often each object of a cartridge was tried that is not read at once, since it came in. */
export class ReadTries {
  readonly #failed = new Map<number, number>();
  #hasRecovered = false;

  /** One more try; whether it is the one that succeeds. */
  succeeds(objectNumber: number, atTry: number): boolean {
    const tries = (this.#failed.get(objectNumber) ?? 0) + 1;
    this.#failed.delete(objectNumber);
    if (tries >= atTry) {
      this.#hasRecovered = true;
      return true;
    }
    if (this.#failed.size >= mostCounted) for (const oldest of this.#failed.keys()) { this.#failed.delete(oldest); break; }
    this.#failed.set(objectNumber, tries);
    return false;
  }

  /** Whether the command that ends has read what was not read at once. */
  takeRecovered(): boolean {
    const hasRecovered = this.#hasRecovered;
    this.#hasRecovered = false;
    return hasRecovered;
  }
}
