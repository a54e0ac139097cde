import stringWidth from "string-width";

/** What a stretch of text means; how that looks is the theme's business. Colour repeats what the words say already. */
export type Style = "plain" | "dim" | "strong" | "title" | "selected" | "ok" | "note" | "warn" | "err" | "fatal" | "key" | "bar" | "alarm";

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** One line of the screen, from its left edge. Texts have no control characters: names were made printable before. */
export type Line = readonly Span[];

export function span(text: string, style: Style = "plain"): Span {
  return { text, style };
}

export function line(text: string, style: Style = "plain"): Line {
  return [span(text, style)];
}

/** In cells of the terminal: a character of East Asia takes two. */
export function widthOf(text: string): number {
  return isAscii(text) ? text.length : stringWidth(text);
}

export function lineWidth(spans: Line): number {
  return spans.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** Exactly so many cells: cut with `…` (or `~` where the terminal has only ASCII), or filled with spaces. */
export function fit(text: string, cells: number, cut: string, side: "left" | "right" = "left"): string {
  const width = widthOf(text);
  if (width <= cells) return side === "left" ? text + " ".repeat(cells - width) : " ".repeat(cells - width) + text;
  return pad(clip(text, Math.max(0, cells - widthOf(cut))) + (cells > 0 ? cut : ""), cells);
}

/** The beginning of the text that fits into so many cells. */
export function clip(text: string, cells: number): string {
  if (isAscii(text)) return text.slice(0, cells);
  let taken = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > cells) break;
    taken += segment;
  }
  return taken;
}

/** A line cut or filled to the width, its last style carried on where `fill` says so. */
export function fitLine(spans: Line, cells: number, cut: string, fill: Style = "plain"): Line {
  const fitted: Span[] = [];
  let left = cells;
  for (const [at, one] of spans.entries()) {
    const width = widthOf(one.text);
    const isLast = at === spans.length - 1;
    if (width > left || (width === left && !isLast && spans.slice(at + 1).some(({ text }) => text.length > 0))) {
      fitted.push({ text: fit(`${one.text}${width <= left ? "  " : ""}`, left, cut), style: one.style });
      return fitted;
    }
    fitted.push(one);
    left -= width;
  }
  if (left > 0) fitted.push({ text: " ".repeat(left), style: fill });
  return fitted;
}

/** As wide as before, without a letter beyond ASCII: accents are left out, and what has no base letter becomes `?`, one for each cell. */
export function inAscii(text: string): string {
  if (isAscii(text)) return text;
  return characters(text).map((one) => {
    const base = one.normalize("NFD").charAt(0);
    return isAscii(base) && widthOf(one) === 1 ? base : "?".repeat(widthOf(one));
  }).join("");
}

/** Words broken at spaces into lines of at most so many cells; what is longer than a line is cut into pieces. */
export function wrap(text: string, cells: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ")) {
    let rest = word;
    if (current.length > 0 && widthOf(current) + 1 + widthOf(rest) <= cells) {
      current += ` ${rest}`;
      continue;
    }
    if (current.length > 0) lines.push(current);
    while (widthOf(rest) > cells) {
      const piece = clip(rest, cells) || rest;
      lines.push(piece);
      rest = rest.slice(piece.length);
    }
    current = rest;
  }
  if (current.length > 0 || lines.length === 0) lines.push(current);
  return lines;
}

/** What a person sees as single characters. */
export function characters(text: string): readonly string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function pad(text: string, cells: number): string {
  return text + " ".repeat(Math.max(0, cells - widthOf(text)));
}
