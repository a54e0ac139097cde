import { type Line, type Look, type Paint, type Style, widthOf } from "../picture/index.ts";

/** What this needs of blessed: cells that it compares and sends. No widget is ever made. */
export interface Grid {
  lines: GridLine[];
  olines: GridLine[];
  readonly program: { _write(text: string): void; flush(): void };
  readonly tput: { csr(top: number, bottom: number): string; cup(row: number, column: number): string; readonly strings: { readonly change_scroll_region?: string } };
  alloc(): void;
  realloc(): void;
  blankLine(): GridLine;
  draw(start: number, end: number): void;
}

export type GridLine = [attributes: number, character: string][] & { dirty?: boolean };

const terminalsColour = 0x1ff;
/** Fewer rows that moved are sent anew: a scroll costs some thirty bytes itself. */
const leastScrolledRows = 4;

/** The lines of the screen as cells, and which of them the terminal has not been sent yet. */
export class Canvas {
  readonly #grid: Grid;
  readonly #look: Look;
  #shown: readonly Line[] = [];
  /** Rows that are to be sent, the oldest last. */
  #unsent: readonly number[] = [];

  constructor(grid: Grid, look: Look) {
    this.#grid = grid;
    this.#look = look;
  }

  /** The terminal shows nothing of what was drawn. */
  forget(): void {
    this.#shown = [];
    this.#unsent = [];
  }

  /** Sends what these lines changed, and then what earlier ones left, until `isEnough` says so behind a row. True when nothing is left. */
  draw(lines: readonly Line[], isEnough: (() => boolean) | undefined): boolean {
    const grid = this.#grid;
    if (this.#unsent.length === 0) this.#scroll(lines);
    const changed = lines.flatMap((line, row) => {
      const cells = grid.lines[row];
      if (cells === undefined || isSame(line, this.#shown[row])) return [];
      if (setCells(cells, line, this.#look)) cells.dirty = true;
      return cells.dirty === true ? [row] : [];
    });
    this.#shown = lines;
    if (isEnough === undefined) {
      grid.draw(0, grid.lines.length - 1);
      grid.program.flush();
      return true;
    }
    const inTurn = [...changed, ...this.#unsent.filter((row) => !changed.includes(row))];
    while (inTurn.length > 0 && !isEnough()) {
      const row = inTurn.shift()!;
      if (grid.lines[row]?.dirty !== true) continue;
      grid.draw(row, row);
      // Blessed keeps what it writes until the turn is over, and would tell nobody how much it is.
      grid.program.flush();
    }
    this.#unsent = inTurn;
    return inTurn.length === 0;
  }

  /** A list that moved by a row is moved by the terminal, and only the row that came is sent. */
  #scroll(lines: readonly Line[]): void {
    const { tput, program } = this.#grid;
    if ((tput.strings.change_scroll_region ?? "") === "" || lines.length !== this.#shown.length || lines.length !== this.#grid.lines.length) return;
    const moved = movedRows(this.#shown, lines);
    if (moved === undefined) return;
    const { top, bottom, isUp } = moved;
    program._write(`${tput.csr(top, bottom)}${tput.cup(isUp ? bottom : top, 0)}${isUp ? "\n" : "\x1bM"}${tput.csr(0, lines.length - 1)}`);
    const [from, to] = isUp ? [top, bottom] : [bottom, top];
    for (const rows of [this.#grid.lines, this.#grid.olines]) {
      rows.splice(from, 1);
      rows.splice(to, 0, this.#grid.blankLine());
    }
    const shown = [...this.#shown];
    shown.splice(from, 1);
    shown.splice(to, 0, []);
    this.#shown = shown;
  }
}

interface Moved {
  readonly top: number;
  readonly bottom: number;
  readonly isUp: boolean;
}

/** The stretch of rows that are one row higher or lower now, but for a few such as the selected one; undefined where sending them anew is as short. */
function movedRows(before: readonly Line[], now: readonly Line[]): Moved | undefined {
  for (const isUp of [true, false]) {
    const came = now.flatMap((line, row) => (isSame(line, before[isUp ? row + 1 : row - 1]) && !isSame(line, before[row]) ? [row] : []));
    const [first, last] = [came[0], came.at(-1)];
    if (first === undefined || last === undefined || came.length < leastScrolledRows || came.length * 3 < (last - first + 1) * 2) continue;
    return isUp ? { top: first, bottom: last + 1, isUp } : { top: first - 1, bottom: last, isUp };
  }
  return undefined;
}

function isSame(line: Line, other: Line | undefined): boolean {
  return line === other || (line.length === other?.length && line.every(({ text, style }, at) => text === other[at]!.text && style === other[at]!.style));
}

/** True when a cell changed. The second cell of a wide character is held by a mark that blessed skips. */
function setCells(cells: GridLine, spans: Line, look: Look): boolean {
  let changed = false;
  let x = 0;
  const set = (attributes: number, character: string): void => {
    const cell = cells[x];
    x += 1;
    if (cell === undefined || (cell[0] === attributes && cell[1] === character)) return;
    cell[0] = attributes;
    cell[1] = character;
    changed = true;
  };
  for (const { text, style } of spans) {
    const attributes = attributesOf(style, look);
    if (isPlain(text)) for (const character of text) set(attributes, character);
    else {
      for (const { segment } of graphemes.segment(text)) {
        set(attributes, segment);
        if (widthOf(segment) === 2) set(attributes, "\x03");
      }
    }
  }
  return changed;
}

/** One cell for each character, which is most of what is ever shown; to tell graphemes apart is slow. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7e\u2500-\u259f]*$/.test(text);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** As blessed keeps attributes: flags, foreground and background, nine bits each for the colours. */
function attributesOf(style: Style, look: Look): number {
  const { foreground = terminalsColour, background = terminalsColour, bold, underline, reverse }: Paint = look.paint(style);
  const flags = (bold === true ? 1 : 0) | (underline === true ? 2 : 0) | (reverse === true ? 8 : 0);
  return (flags << 18) | (foreground << 9) | background;
}
