import { fitLine, type Glyphs, type Line, lineWidth, span, widthOf } from "../picture/index.ts";

/** Something in a frame that lies over the view. */
export interface Dialog {
  readonly title: string;
  readonly lines: readonly Line[];
  /** The line that must be visible, such as the selected one; dialogs longer than the screen scroll to it. */
  readonly showing?: number;
  /** The first line that is visible, as far as there are lines to fill the room behind it. */
  readonly top?: number;
  /** Fills the width that there is; otherwise it is as wide as its lines need. */
  readonly isWide?: true;
}

/** Lays the dialog over the lines of the screen, in the middle, leaving header and footer alone. */
export function overlay(screen: readonly Line[], dialog: Dialog, columns: number, glyphs: Glyphs): readonly Line[] {
  const roomRows = screen.length - 3;
  const innerMost = columns - 4;
  const needed = Math.max(widthOf(dialog.title) + 2, ...dialog.lines.map(lineWidth));
  const inner = dialog.isWide === true ? innerMost : Math.min(innerMost, Math.max(30, needed));
  const shown = visible(dialog, Math.max(1, roomRows - 2));
  const left = Math.floor((columns - inner - 4) / 2);
  const top = 1 + Math.max(0, Math.floor((roomRows - shown.length - 2) / 2));
  const box = framed(dialog.title, shown, inner, glyphs);
  return screen.map((line, row) => {
    const part = box[row - top];
    return part === undefined ? line : [...cut(line, 0, left), ...part, ...cut(line, left + inner + 4, columns)];
  });
}

function visible({ lines, showing = 0, top: wanted }: Dialog, rows: number): readonly Line[] {
  const top = Math.max(0, Math.min(wanted ?? showing - rows + 1, lines.length - rows));
  return lines.slice(top, top + rows);
}

function framed(title: string, lines: readonly Line[], inner: number, glyphs: Glyphs): readonly Line[] {
  const { horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight, cut: cutMark } = glyphs;
  const headCells = Math.min(inner, widthOf(title) + 2);
  const head = fitLine([span(` ${title} `, "title")], headCells, cutMark);
  return [
    [span(topLeft + horizontal, "dim"), ...head, span(horizontal.repeat(inner - headCells) + horizontal + topRight, "dim")],
    ...lines.map((one): Line => [span(`${vertical} `, "dim"), ...fitLine(one, inner, cutMark), span(` ${vertical}`, "dim")]),
    [span(bottomLeft + horizontal.repeat(inner + 2) + bottomRight, "dim")],
  ];
}

/** The cells of a line from one column up to another. What takes two cells and is cut through becomes a space. */
function cut(line: Line, from: number, to: number): Line {
  const parts: { text: string; style: Line[number]["style"] }[] = [];
  let at = 0;
  for (const { text, style } of line) {
    for (const { segment } of graphemes.segment(text)) {
      const width = widthOf(segment);
      if (at >= from && at + width <= to) append(parts, segment, style);
      else if (at < to && at + width > from) append(parts, " ".repeat(Math.min(at + width, to) - Math.max(at, from)), style);
      at += width;
    }
  }
  if (at < to) append(parts, " ".repeat(to - Math.max(at, from)), "plain");
  return parts;
}

function append(parts: { text: string; style: Line[number]["style"] }[], text: string, style: Line[number]["style"]): void {
  const last = parts.at(-1);
  if (last?.style === style) last.text += text;
  else parts.push({ text, style });
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
