import { PassThrough, type Readable } from "node:stream";
import blessed from "blessed";
import { type Filtered, WedgeFilter } from "../input/index.ts";
import type { Look } from "../picture/index.ts";
import type { Clock } from "../../words/index.ts";
import { Canvas, type Grid } from "./canvas.ts";
import type { Screen, ScreenListener } from "./contract.ts";
import { keyOf, type RawKey } from "./key-names.ts";
import { Outlet, type TerminalOutput } from "./outlet.ts";

export interface ScreenParts {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };
  readonly output: TerminalOutput;
  /** TERM. */
  readonly terminal: string;
  readonly look: Look;
  readonly clock: Clock;
  /** What the line to the terminal carries; undefined where people do not wait for it. */
  readonly bytesPerSecond?: number | undefined;
}

interface BlessedScreen extends Grid {
  readonly program: Grid["program"] & {
    on(event: "keypress", listener: (character: string | undefined, key: RawKey) => void): void;
    on(event: "resize", listener: () => void): void;
    bell(): void;
    readonly cols: number;
    readonly rows: number;
  };
  readonly tput: Grid["tput"] & { brokenACS: boolean };
  destroy(): void;
}

/** What one drawing may take of a slow line; then keys are looked at again. */
const drawingMs = 200;

export function openScreen(parts: ScreenParts, listener: ScreenListener): Screen {
  const { input, look, clock } = parts;
  const outlet = new Outlet(parts.output, clock, parts.bytesPerSecond);
  const keys = new PassThrough();
  const closeInput = filterInto(keys, input, clock, (code) => { listener.scan(code); });
  const grid = blessed.screen({
    input: Object.assign(keys, { isTTY: true, isRaw: true, setRawMode: () => keys }),
    output: outlet.stream,
    terminal: parts.terminal,
    warnings: false,
    fullUnicode: !look.isAscii,
    forceUnicode: !look.isAscii,
    smartCSR: false,
    useBCE: true,
    autoPadding: false,
    cursor: { artificial: false, blink: false, shape: "block", color: "" },
  } as unknown as Parameters<typeof blessed.screen>[0]) as unknown as BlessedScreen;
  // Lines are drawn as what they are, not by way of an alternate character set that others cannot read back.
  if (!look.isAscii) grid.tput.brokenACS = true;
  grid.program.on("keypress", (character, key) => {
    const name = keyOf(character, key);
    if (name !== undefined) listener.key(name);
  });
  grid.program.on("resize", () => {
    grid.alloc();
    canvas.forget();
    listener.resized();
  });
  grid.alloc();
  const canvas = new Canvas(grid, look);
  const mostBytes = outlet.carriedIn(drawingMs);
  const draw: Screen["draw"] = (lines) => {
    const before = outlet.sentBytes;
    return canvas.draw(lines, mostBytes === undefined ? undefined : () => outlet.sentBytes - before >= mostBytes);
  };
  let isClosed = false;
  return {
    size: () => ({ columns: grid.program.cols, rows: grid.program.rows }),
    draw: (lines) => isClosed || draw(lines),
    isSlow: mostBytes !== undefined,
    ready: () => outlet.ready(),
    forget: () => {
      if (isClosed) return;
      grid.realloc();
      canvas.forget();
    },
    bell: () => { if (!isClosed) grid.program.bell(); },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      closeInput();
      grid.destroy();
      outlet.stream.destroy();
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
