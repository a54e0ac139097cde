/**
 * How many logical objects are known to be on the medium, as one path to a drive sees it. A drive takes blocks into its buffer and says
 * GOOD; they are on the medium only after a flush (SSC-5, buffered mode). An error that it reports later concerns any block since.
 */
export class WrittenObjects {
  #at: number | undefined;
  #confirmed: number | undefined;

  /** Everything before this object is on the medium; undefined where the position was not known at the last flush. */
  get confirmed(): number | undefined {
    return this.#confirmed;
  }

  /** A command that positions the tape ended there; such commands flush first. */
  placedAt(objectNumber: number | undefined): void {
    this.#at = objectNumber;
    this.#confirmed = objectNumber;
  }

  /** The drive was asked where it stands, which flushes nothing. */
  standsAt(objectNumber: number): void {
    this.#at = objectNumber;
  }

  /** Nobody knows any more where the tape stands. What was confirmed stays on the medium. */
  lost(): void {
    this.#at = undefined;
  }

  passed(objects: number): void {
    if (this.#at !== undefined) this.#at += objects;
  }

  flushed(): void {
    this.#confirmed = this.#at;
  }
}
