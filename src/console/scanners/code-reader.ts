import { wedgeLimits } from "../input/index.ts";
import type { ScannerConfig } from "../../records/index.ts";

/** A scanner sends a code in one go; at 1200 baud the longest takes half a second, and no pause is in it. */
export const pauseMs = 150;

/** What scanners put behind a code: Enter, Tab or ETX, in any setting they have. No barcode holds one of them. */
const ends: ReadonlySet<number> = new Set([0x03, 0x09, 0x0a, 0x0d]);

export interface ReadCodes {
  readonly codes: readonly string[];
  /** How many pieces were none: too long, or with characters that no barcode has. */
  readonly garbled: number;
}

/**
 * Makes codes of what a serial line brings. A piece that a pause interrupted is forgotten, because its end would be taken for the end of another one; where
 * the scanner sends nothing behind a code, the pause is its end. One bad character spoils the whole piece: half of a barcode may be another barcode.
 */
export class CodeReader {
  readonly #suffix: ScannerConfig["suffix"];
  #held = "";
  #isTooLong = false;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(suffix: ScannerConfig["suffix"]) {
    this.#suffix = suffix;
  }

  /** When `flush` is to be called, where a pause ends codes; undefined when nothing is held. */
  get deadlineMs(): number | undefined {
    return this.#suffix === "none" && this.#held !== "" ? this.#lastMs + pauseMs : undefined;
  }

  feed(bytes: Uint8Array, nowMs: number): ReadCodes {
    const pieces = this.#settle(nowMs);
    this.#lastMs = nowMs;
    for (const byte of bytes) {
      if (ends.has(byte)) pieces.push(this.#take());
      else if (this.#held.length < wedgeLimits.maxCharacters) this.#held += String.fromCharCode(byte);
      else this.#isTooLong = true;
    }
    return judged(pieces);
  }

  flush(nowMs: number): ReadCodes {
    return judged(this.#settle(nowMs));
  }

  /** What a pause makes of what is held. */
  #settle(nowMs: number): (string | undefined)[] {
    if (nowMs - this.#lastMs < pauseMs) return [];
    const piece = this.#take();
    return this.#suffix === "none" ? [piece] : [];
  }

  /** The piece without what frames it, such as STX; undefined when it was too long. */
  #take(): string | undefined {
    const piece = this.#isTooLong ? undefined : trimmed(this.#held);
    this.#held = "";
    this.#isTooLong = false;
    return piece;
  }
}

function trimmed(piece: string): string {
  let from = 0;
  let to = piece.length;
  while (from < to && piece.charCodeAt(from) <= 0x20) from += 1;
  while (to > from && piece.charCodeAt(to - 1) <= 0x20) to -= 1;
  return piece.slice(from, to);
}

function judged(pieces: readonly (string | undefined)[]): ReadCodes {
  const told = pieces.filter((piece) => piece !== "");
  const codes = told.filter((piece): piece is string => piece !== undefined && /^[!-~]+$/.test(piece));
  return { codes, garbled: told.length - codes.length };
}
