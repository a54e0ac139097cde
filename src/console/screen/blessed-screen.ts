import { PassThrough, type Readable, type Writable } from "node:stream";
import blessed from "blessed";
import { type Filtered, WedgeFilter } from "../input/index.ts";
import { type Line, type Look, type Paint, type Style, widthOf } from "../picture/index.ts";
import type { Clock } from "../../words/index.ts";
import type { Screen, ScreenListener } from "./contract.ts";
import { keyOf, type RawKey } from "./key-names.ts";

export interface ScreenParts {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };
  readonly output: Writable & { readonly columns?: number; readonly rows?: number };
  /** TERM. */
  readonly terminal: string;
  readonly look: Look;
  readonly clock: Clock;
}

/** What this needs of blessed: a grid of cells that it compares and sends, and its parser of keys. No widget is ever made. */
interface Grid {
  lines: GridLine[];
  olines: GridLine[];
  readonly program: {
    on(event: "keypress", listener: (character: string | undefined, key: RawKey) => void): void;
    on(event: "resize", listener: () => void): void;
    bell(): void;
    readonly cols: number;
    readonly rows: number;
  };
  readonly tput: { brokenACS: boolean };
  alloc(): void;
  realloc(): void;
  draw(start: number, end: number): void;
  destroy(): void;
}

type GridLine = [attributes: number, character: string][] & { dirty?: boolean };

const terminalsColour = 0x1ff;

export function openScreen(parts: ScreenParts, listener: ScreenListener): Screen {
  const { input, look, clock } = parts;
  const keys = new PassThrough();
  const closeInput = filterInto(keys, input, clock, (code) => { listener.scan(code); });
  const grid = blessed.screen({
    input: Object.assign(keys, { isTTY: true, isRaw: true, setRawMode: () => keys }),
    output: parts.output,
    terminal: parts.terminal,
    warnings: false,
    fullUnicode: !look.isAscii,
    forceUnicode: !look.isAscii,
    smartCSR: false,
    autoPadding: false,
    cursor: { artificial: false, blink: false, shape: "block", color: "" },
  } as unknown as Parameters<typeof blessed.screen>[0]) as unknown as Grid;
  // Lines are drawn as what they are, not by way of an alternate character set that others cannot read back.
  if (!look.isAscii) grid.tput.brokenACS = true;
  grid.program.on("keypress", (character, key) => {
    const name = keyOf(character, key);
    if (name !== undefined) listener.key(name);
  });
  grid.program.on("resize", () => {
    grid.alloc();
    listener.resized();
  });
  grid.alloc();
  let isClosed = false;
  return {
    size: () => ({ columns: grid.program.cols, rows: grid.program.rows }),
    draw: (lines) => { if (!isClosed) drawLines(grid, lines, look); },
    forget: () => { if (!isClosed) grid.realloc(); },
    bell: () => { if (!isClosed) grid.program.bell(); },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      closeInput();
      grid.destroy();
    },
  };
}

/** Everything from the keyboard goes through the filter; what it holds back goes on when its time is over. */
function filterInto(keys: PassThrough, input: ScreenParts["input"], clock: Clock, scanned: (code: string) => void): () => void {
  const filter = new WedgeFilter();
  const decoder = new TextDecoder();
  let isWaiting = false;
  const pass = (parts: readonly Filtered[]): void => {
    for (const part of parts) {
      if (part.kind === "scan") scanned(part.code);
      else keys.write(part.bytes);
    }
  };
  const waitForRest = async (): Promise<void> => {
    if (isWaiting) return;
    isWaiting = true;
    for (let deadlineMs = filter.deadlineMs; deadlineMs !== undefined; deadlineMs = filter.deadlineMs) {
      await clock.sleep(Math.max(1, deadlineMs - clock.monotonicMs()));
      pass(filter.flush(clock.monotonicMs()));
    }
    isWaiting = false;
  };
  const take = (chunk: Uint8Array): void => {
    pass(filter.feed(decoder.decode(chunk, { stream: true }), clock.monotonicMs()));
    void waitForRest();
  };
  input.setRawMode?.(true);
  input.on("data", take);
  return () => {
    input.off("data", take);
    input.setRawMode?.(false);
    input.pause();
  };
}

function drawLines(grid: Grid, lines: readonly Line[], look: Look): void {
  for (const [y, spans] of lines.entries()) {
    const cells = grid.lines[y];
    if (cells !== undefined && setLine(cells, spans, look)) cells.dirty = true;
  }
  grid.draw(0, grid.lines.length - 1);
}

/** True when a cell changed. The second cell of a wide character is held by a mark that blessed skips. */
function setLine(cells: GridLine, spans: Line, look: Look): boolean {
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
    for (const { segment } of graphemes.segment(text)) {
      set(attributes, segment);
      if (widthOf(segment) === 2) set(attributes, "\x03");
    }
  }
  return changed;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** As blessed keeps attributes: flags, foreground and background, nine bits each for the colours. */
function attributesOf(style: Style, look: Look): number {
  const { foreground = terminalsColour, background = terminalsColour, bold, underline, reverse }: Paint = look.paint(style);
  const flags = (bold === true ? 1 : 0) | (underline === true ? 2 : 0) | (reverse === true ? 8 : 0);
  return (flags << 18) | (foreground << 9) | background;
}
