import xterm from "@xterm/headless";
import type { PseudoTerminal } from "./open.ts";

/** What a person in front of the terminal sees. */
export interface SeenTerminal {
  /** The rows of the screen, without what is blank at their ends. */
  lines(): readonly string[];
  /** What is drawn on a ground of its own, row by row, such as what is selected; `isWhole` where the row is from edge to edge. */
  marked(): readonly Marked[];
  /** Everything that scrolled by, with what is on the screen; wrapped lines are whole. */
  transcript(): readonly string[];
  isOtherScreen(): boolean;
  isCursorShown(): boolean;
  /** How often it rang. */
  readonly rings: number;
  /** Waits until what is seen fits, looking again after every piece that arrives; false when the program wrote nothing that fits in that time. */
  until(fits: () => boolean, mostMs: number): Promise<boolean>;
  /** Resolves when all that came so far is drawn. */
  settled(): Promise<void>;
  resize(columns: number, rows: number): void;
}

export interface Marked {
  readonly row: number;
  readonly text: string;
  readonly isWhole: boolean;
}

const keptLines = 20_000;

/** Stands before a terminal from its first byte on. */
export function watch(terminal: Pick<PseudoTerminal, "onOutput">, columns: number, rows: number): SeenTerminal {
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: keptLines, allowProposedApi: true });
  let rings = 0;
  let isCursorShown = true;
  const waiting = new Set<() => void>();
  emulator.onBell(() => { rings += 1; });
  for (const [final, shown] of [["h", true], ["l", false]] as const) {
    emulator.parser.registerCsiHandler({ prefix: "?", final }, (numbers) => {
      if (numbers.includes(25)) isCursorShown = shown;
      return false;
    });
  }
  terminal.onOutput((chunk) => { emulator.write(chunk, () => { for (const look of [...waiting]) look(); }); });
  const lineAt = (row: number) => emulator.buffer.active.getLine(emulator.buffer.active.viewportY + row);
  return {
    lines: () => Array.from({ length: emulator.rows }, (_, row) => lineAt(row)?.translateToString(true).trimEnd() ?? ""),
    marked: () => Array.from({ length: emulator.rows }, (_, row) => markedIn(lineAt(row), row, emulator.cols)).filter(({ text }) => text !== ""),
    transcript: () => transcriptOf(emulator.buffer.active),
    isOtherScreen: () => emulator.buffer.active.type === "alternate",
    isCursorShown: () => isCursorShown,
    get rings() { return rings; },
    until: async (fits, mostMs) => {
      if (fits()) return true;
      const done = Promise.withResolvers<boolean>();
      const look = (): void => { if (fits()) done.resolve(true); };
      const tooLate = setTimeout(() => { done.resolve(fits()); }, mostMs);
      waiting.add(look);
      try {
        return await done.promise;
      } finally {
        clearTimeout(tooLate);
        waiting.delete(look);
      }
    },
    settled: () => new Promise((resolve) => { emulator.write("", resolve); }),
    resize: (width, height) => { emulator.resize(width, height); },
  };
}

type Buffered = xterm.Terminal["buffer"]["active"];

function markedIn(line: ReturnType<Buffered["getLine"]>, row: number, columns: number): Marked {
  let text = "";
  let cells = 0;
  for (let x = 0; x < columns; x += 1) {
    const cell = line?.getCell(x);
    if (cell === undefined || (cell.isInverse() === 0 && cell.isBgDefault())) continue;
    text += cell.getChars() === "" && cell.getWidth() === 1 ? " " : cell.getChars();
    cells += 1;
  }
  return { row, text, isWhole: cells === columns };
}

function transcriptOf(buffer: Buffered): readonly string[] {
  const whole: string[] = [];
  for (let row = 0; row < buffer.length; row += 1) {
    const line = buffer.getLine(row);
    if (line === undefined) continue;
    const text = line.translateToString(true);
    if (line.isWrapped) whole.push(`${whole.pop() ?? ""}${text}`);
    else whole.push(text);
  }
  return whole;
}
