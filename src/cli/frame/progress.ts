import type { JobObserver, JobProgress } from "../../operations/index.ts";
import { type Clock, formatBytes, formatDuration, formatRate, printable, printableSentence } from "../../words/index.ts";
import type { TextOutput } from "./context.ts";
import { jsonText } from "./json.ts";

export interface ProgressChoices {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly clock: Clock;
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface ProgressDisplay {
  readonly observer: JobObserver;
  /** One line now, whatever the rhythm: for SIGUSR1. */
  printNow(): void;
  /** Takes the redrawn lines off the screen. */
  finish(): void;
}

const redrawMs = 200;
const jsonMs = 1000;
const lineMs = 60_000;
/** The rate that the remaining time is told from is taken over this long. */
const windowMs = 30_000;

/** On a terminal two lines, redrawn in place; elsewhere a line a minute without control characters; with --json a record a second. */
export function createProgress({ stdout, stderr, clock, json, quiet }: ProgressChoices): ProgressDisplay {
  const redraws = stderr.isTty && !json;
  const periodMs = json ? jsonMs : redraws ? redrawMs : lineMs;
  const startMs = clock.monotonicMs();
  const marks: { readonly atMs: number; readonly doneBytes: number }[] = [];
  let last: JobProgress | undefined;
  let shownMs = redraws || json ? -Infinity : startMs;
  let drawn = false;

  const clear = () => {
    if (drawn) stderr.write("\r\x1b[K\n\x1b[K\x1b[1A");
    drawn = false;
  };
  const show = (progress: JobProgress) => {
    const { figures, state, current } = progressWords(progress, paceOf(marks, startMs, clock.monotonicMs()));
    if (json) stdout.write(`${jsonText(progressRecord(progress))}\n`);
    else if (redraws) {
      const columns = Math.max(20, (stderr.columns() ?? 80) - 1);
      stderr.write(`\r\x1b[K${cut(figures, columns)}\n\x1b[K${cut(`${state}  ${current}`, columns)}\x1b[1A\r`);
      drawn = true;
    } else stderr.write(`${figures}  ${state}\n`);
  };
  return {
    observer: {
      progress(progress) {
        const nowMs = clock.monotonicMs();
        last = progress;
        remember(marks, nowMs, progress.doneBytes);
        if (quiet || nowMs - shownMs < periodMs) return;
        shownMs = nowMs;
        show(progress);
      },
      event(event) {
        if (json) {
          stdout.write(`${jsonText({ message_type: "event", severity: event.severity, code: event.code, text: event.text })}\n`);
          return;
        }
        if (quiet && (event.severity === "ok" || event.severity === "note")) return;
        clear();
        stderr.write(`${event.severity}: ${printableSentence(event.text)} [${event.code}]\n`);
      },
    },
    printNow() {
      clear();
      if (last === undefined) return;
      const { figures, state } = progressWords(last, paceOf(marks, startMs, clock.monotonicMs()));
      stderr.write(`${figures}  ${state}\n`);
    },
    finish: clear,
  };
}

interface Pace {
  readonly elapsedSeconds: number;
  /** Undefined until enough was seen to tell. */
  readonly bytesPerSecond: number | undefined;
}

/** Figures that fit on a line of 80 columns; how spool and media stand; what is being worked on. What is not known is `-`, never a guess. */
export function progressWords(progress: JobProgress, pace: Pace): { readonly figures: string; readonly state: string; readonly current: string } {
  const { doneBytes, totalBytes } = progress;
  const rate = pace.bytesPerSecond;
  const share = totalBytes === undefined || totalBytes === 0 ? "-" : `${((100 * doneBytes) / totalBytes).toFixed(1)}%`;
  const total = totalBytes === undefined ? "-" : formatBytes(totalBytes);
  const left = totalBytes === undefined || rate === undefined || rate <= 0 ? "-" : formatDuration((totalBytes - doneBytes) / rate);
  // How full a cartridge is becomes known only where its capacity is.
  const media = progress.cartridges.map(({ barcode, fill }) => (fill > 0 ? `${printable(barcode)} ${(100 * fill).toFixed(0)}%` : printable(barcode)));
  // A walk counts entries: it does not know yet how many bytes they will make.
  const done = totalBytes === undefined && doneBytes === 0 ? `${String(progress.doneEntries)} entries` : `${formatBytes(doneBytes)} of ${total}`;
  const figures = [
    `[${formatDuration(pace.elapsedSeconds)}] ${progress.stage} ${share}`,
    done,
    rate === undefined ? "- MB/s" : formatRate(rate),
    `ETA ${left}`,
  ];
  const state = [`spool ${(100 * progress.spoolFill).toFixed(0)}%`, ...media, `${progress.errors} ${progress.errors === 1 ? "error" : "errors"}`];
  return {
    figures: figures.join("  "),
    state: state.join("  "),
    current: progress.current === undefined ? "" : printable(progress.current),
  };
}

function progressRecord(progress: JobProgress) {
  return {
    message_type: "progress",
    job: progress.jobId,
    stage: progress.stage,
    done_bytes: progress.doneBytes,
    total_bytes: progress.totalBytes ?? null,
    done_entries: progress.doneEntries,
    total_entries: progress.totalEntries ?? null,
    spool_fill: progress.spoolFill,
    errors: progress.errors,
    cartridges: progress.cartridges,
  };
}

function remember(marks: { atMs: number; doneBytes: number }[], atMs: number, doneBytes: number): void {
  const newest = marks.at(-1);
  // A stage that starts over starts its pace over.
  if (newest !== undefined && doneBytes < newest.doneBytes) marks.length = 0;
  if (newest !== undefined && marks.length > 0 && atMs - newest.atMs < 1000) return;
  marks.push({ atMs, doneBytes });
  while (marks.length > 2 && atMs - marks[0]!.atMs > windowMs) marks.shift();
}

function paceOf(marks: readonly { readonly atMs: number; readonly doneBytes: number }[], startMs: number, nowMs: number): Pace {
  const first = marks[0];
  const newest = marks.at(-1);
  const spanMs = first === undefined || newest === undefined ? 0 : newest.atMs - first.atMs;
  const bytesPerSecond = spanMs < 1000 ? undefined : ((newest!.doneBytes - first!.doneBytes) * 1000) / spanMs;
  return { elapsedSeconds: (nowMs - startMs) / 1000, bytesPerSecond };
}

function cut(text: string, columns: number): string {
  const characters = Array.from(text);
  return characters.length <= columns ? text : `${characters.slice(0, columns - 1).join("")}…`;
}
