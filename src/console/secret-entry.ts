import { timingSafeEqual } from "node:crypto";

/** What is typed at a question for a secret, in bytes that can be zeroed, and nowhere else. */
export class SecretEntry {
  readonly #bytes = new Uint8Array(1024);
  /** What was typed first, where it is typed twice. */
  readonly #kept = new Uint8Array(1024);
  /** Where each character ends. */
  #ends: number[] = [];

  get characters(): number {
    return this.#ends.length;
  }

  /** What does not fit is not taken: then the count does not grow, and the person sees it. */
  append(character: string): void {
    const at = this.#ends.at(-1) ?? 0;
    const { written, read } = new TextEncoder().encodeInto(character, this.#bytes.subarray(at));
    if (read === character.length) this.#ends.push(at + written);
  }

  backspace(): void {
    this.#ends.pop();
    this.#bytes.fill(0, this.#ends.at(-1) ?? 0);
  }

  /** Puts it aside, and begins again. */
  keep(): void {
    this.#kept.set(this.#bytes);
    this.#bytes.fill(0);
    this.#ends = [];
  }

  /** Unused bytes are zero in both, so all are compared, in the same time whatever they are. */
  isAsKept(): boolean {
    return timingSafeEqual(this.#bytes, this.#kept);
  }

  /** A copy for whoever zeroes it; here it is forgotten. */
  take(): Uint8Array {
    const copy = this.#bytes.slice(0, this.#ends.at(-1) ?? 0);
    this.forget();
    return copy;
  }

  forget(): void {
    this.#bytes.fill(0);
    this.#kept.fill(0);
    this.#ends = [];
  }
}
