/** How a scanner that types as a keyboard does is told from fingers. */
export const wedgeLimits = {
  /** Between two characters of one scan; fingers are slower, a scanner is not. */
  gapMs: 35,
  minCharacters: 5,
  /** The longest barcode of a library is 32; more is somebody's paste. */
  maxCharacters: 64,
} as const;

/** What comes out of the filter: bytes for the terminal's own parser of keys, or a scan. */
export type Filtered = { readonly kind: "bytes"; readonly bytes: string } | { readonly kind: "scan"; readonly code: string };

const startOfText = "\x02";
const endOfText = "\x03";

/**
 * Stands between the keyboard and whoever interprets keys, and takes scans out: five or more printable characters that follow each other within
 * 35 ms and end in Enter; or anything between STX and ETX (or Enter), where the scanner is set up to send that. Escape sequences pass whole: a piece
 * held back would break the arrow keys. What was held and is no scan after all passes in order when `flush` is called, at `deadlineMs`.
 *
 * Somebody who types fast over a line that bunches characters can look like a scanner. So a scan may select and search, never confirm.
 */
export class WedgeFilter {
  #held = "";
  #lastMs = Number.NEGATIVE_INFINITY;
  #framed: string | undefined;
  #inEscape = false;

  /** When what is held must be passed on; undefined when nothing is. */
  get deadlineMs(): number | undefined {
    return this.#held.length > 0 || this.#framed !== undefined ? this.#lastMs + wedgeLimits.gapMs : undefined;
  }

  feed(text: string, nowMs: number): readonly Filtered[] {
    const out: Filtered[] = [];
    if (nowMs - this.#lastMs > wedgeLimits.gapMs) this.#begin(out);
    this.#lastMs = nowMs;
    for (const character of text) this.#one(character, out);
    return joined(out);
  }

  flush(nowMs: number): readonly Filtered[] {
    const out: Filtered[] = [];
    if (this.deadlineMs !== undefined && nowMs >= this.deadlineMs) this.#begin(out);
    return joined(out);
  }

  #one(character: string, out: Filtered[]): void {
    if (this.#framed !== undefined) {
      this.#inFrame(character, out);
      return;
    }
    if (character === startOfText) {
      this.#pass(out);
      this.#framed = "";
      return;
    }
    const isEnter = character === "\r" || character === "\n";
    if (isEnter && this.#held.length >= wedgeLimits.minCharacters) {
      out.push({ kind: "scan", code: this.#held });
      this.#held = "";
      return;
    }
    if (!this.#inEscape && /^[!-~]$/.test(character) && this.#held.length < wedgeLimits.maxCharacters) {
      this.#held += character;
      return;
    }
    this.#pass(out);
    out.push({ kind: "bytes", bytes: character });
    this.#followEscape(character);
  }

  /** CSI and SS3 sequences (ECMA-48) end with a letter or a tilde; a lone ESC is over with the burst that it came in. */
  #followEscape(character: string): void {
    if (character === "\x1b") this.#inEscape = true;
    else if (this.#inEscape && /[A-Za-z~]/.test(character) && character !== "O") this.#inEscape = false;
  }

  #inFrame(character: string, out: Filtered[]): void {
    if (character === endOfText || character === "\r" || character === "\n") {
      if (this.#framed !== "") out.push({ kind: "scan", code: this.#framed! });
      this.#framed = undefined;
    } else if (/^[ -~]$/.test(character) && this.#framed!.length < wedgeLimits.maxCharacters) this.#framed = (this.#framed ?? "") + character;
  }

  /** A new burst. A frame that nobody ended was no scan, and its characters are nobody's keys. */
  #begin(out: Filtered[]): void {
    this.#inEscape = false;
    this.#framed = undefined;
    this.#pass(out);
  }

  #pass(out: Filtered[]): void {
    if (this.#held.length > 0) out.push({ kind: "bytes", bytes: this.#held });
    this.#held = "";
  }
}

function joined(parts: readonly Filtered[]): readonly Filtered[] {
  const whole: Filtered[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (part.kind === "bytes" && last?.kind === "bytes") whole[whole.length - 1] = { kind: "bytes", bytes: last.bytes + part.bytes };
    else whole.push(part);
  }
  return whole;
}
