/** Pulls exact amounts out of a stream of chunks; holds one chunk at a time. */
export class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** A copy of the next `sizeBytes`; undefined when the stream ends before. For small amounts. */
  async take(sizeBytes: number): Promise<Uint8Array | undefined> {
    const taken = Buffer.allocUnsafe(sizeBytes);
    for (let at = 0; at < sizeBytes; ) {
      const part = await this.upTo(sizeBytes - at);
      if (!part) return undefined;
      taken.set(part, at);
      at += part.length;
    }
    return taken;
  }

  /** Between 1 and `sizeBytes` of what comes next, not copied; undefined at the end. */
  async upTo(sizeBytes: number): Promise<Uint8Array | undefined> {
    while (this.#chunk.length === 0) {
      if (this.#ended) return undefined;
      const next = await this.#source.next();
      if (next.done === true) this.#ended = true;
      else this.#chunk = next.value;
    }
    const part = this.#chunk.subarray(0, sizeBytes);
    this.#chunk = this.#chunk.subarray(part.length);
    return part;
  }

  /** False when the stream ends before. */
  async skip(sizeBytes: number): Promise<boolean> {
    for (let leftBytes = sizeBytes; leftBytes > 0; ) {
      const part = await this.upTo(leftBytes);
      if (!part) return false;
      leftBytes -= part.length;
    }
    return true;
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#source.return?.();
  }
}
