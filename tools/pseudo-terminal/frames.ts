const headBytes = 5;

/** One letter, the length in four bytes, the body: as `line.c` has it. */
export function frame(kind: string, body: Uint8Array = new Uint8Array()): Uint8Array {
  const whole = Buffer.alloc(headBytes + body.length);
  whole.write(kind, 0, "latin1");
  whole.writeUInt32BE(body.length, 1);
  whole.set(body, headBytes);
  return whole;
}

/** Frames longer than this are given in pieces. */
export const mostFrameBytes = 65_536;

/** Puts frames together from whatever pieces a pipe gives them in. */
export class FrameReader {
  #held = Buffer.alloc(0);

  take(chunk: Uint8Array): readonly { readonly kind: string; readonly body: Buffer }[] {
    this.#held = Buffer.concat([this.#held, chunk]);
    const frames: { kind: string; body: Buffer }[] = [];
    while (this.#held.length >= headBytes) {
      const end = headBytes + this.#held.readUInt32BE(1);
      if (this.#held.length < end) break;
      frames.push({ kind: this.#held.toString("latin1", 0, 1), body: this.#held.subarray(headBytes, end) });
      this.#held = this.#held.subarray(end);
    }
    return frames;
  }
}
