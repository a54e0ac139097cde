import type { JobProgress, OperatorRequest } from "../../../operations/index.ts";
import type { JobRecord } from "../../../records/index.ts";
import { formatBytes, formatRate } from "../../../words/index.ts";
import { bar, chart, type Line, line, look, percent, span, type Style } from "../../picture/index.ts";
import type { Action, Row, Scene, View } from "../contract.ts";
import { duration, fact, moment, name, sentence } from "../phrases.ts";
import { remember } from "../remember.ts";

/** Lines of the log that a detail shows; `show all` has the rest. */
const logLinesShown = 8;
const chartCells = 30;

export const jobs: View = {
  id: "jobs",
  columns: ({ columns }) => [
    { title: columns.job, cells: 5, right: true, rank: 0 },
    { title: columns.state, cells: 9, rank: 0 },
    { title: columns.done, cells: 6, right: true, rank: 0 },
    { title: columns.subject, cells: 0, rank: 0 },
    { title: columns.time, cells: 16, rank: 1 },
    { title: columns.outcome, cells: 7, rank: 2 },
  ],
  rows: (scene) => remember(scene, "jobs", () => scene.appliance.jobs.map((job) => rowOf(job, scene))),
  empty: ({ views }) => views.jobs.empty,
};

function rowOf(job: JobRecord, scene: Scene): Row {
  const { words, appliance } = scene;
  const progress = appliance.progress.find(({ jobId }) => jobId === job.id);
  return {
    key: `job ${String(job.id)}`,
    cells: [
      String(job.id),
      job.state === "running" && requestsOf(job).length > 0 ? words.states.waits : words.states[job.state],
      progress === undefined ? "" : shareOf(progress),
      `${name(job.kind)} ${name(job.subject)}`,
      moment(job.startedMs),
      job.severity ?? "",
    ],
    style: styleOf(job),
    get detail() { return detailOf(job, progress, scene); },
    more: () => logOf(job, scene).slice(logLinesShown),
    actions: jobActions(job, scene),
  };
}

/** What a job that is not over waits for, or stopped for. */
export function requestsOf({ state, progress }: JobRecord): readonly OperatorRequest[] {
  const { requests } = progress;
  return state === "finished" || !Array.isArray(requests) ? [] : (requests as readonly OperatorRequest[]);
}

/** What stopped before its end needs somebody, whatever it said last. */
function styleOf({ state, severity }: JobRecord): Style {
  if (state === "interrupted") return "err";
  if (state === "running") return "strong";
  return severity === undefined || severity === "ok" || severity === "note" ? "plain" : severity;
}

/** The same command goes on with an interrupted job, whichever view it is asked for in. */
export function jobActions(job: JobRecord, { words }: Scene): readonly Action[] {
  const { actions, refusals } = words;
  const again = commandOf(job);
  const cannot = job.state === "running" ? refusals.jobRuns(job.id) : refusals.nothingToGoOnWith();
  const goOn: readonly Action[] = again === undefined
    ? []
    : [{ id: "goOn", ...actions.goOn, isJob: true, ...(job.state === "interrupted" ? {} : { refused: cannot }), words: () => again }];
  return [...goOn, { id: "showJob", ...actions.showJob, words: () => ["job", "show", String(job.id)] }];
}

/** A restore needs its key again, so only its own command line goes on with it. */
function commandOf({ kind, subject }: JobRecord): readonly string[] | undefined {
  if (kind === "archive run") return ["archive", "run", subject, "--wait", "forever"];
  if (kind === "volume verify") return ["volume", "verify", subject];
  // Where its copies go the job remembers.
  if (kind === "volume duplicate") return ["volume", "duplicate", subject];
  if (kind === "volume migrate") return ["volume", "migrate", subject];
  return undefined;
}

export function shareOf({ doneBytes, totalBytes }: JobProgress): string {
  return totalBytes === undefined ? "-" : percent(totalBytes === 0 ? 1 : doneBytes / totalBytes);
}

function detailOf(job: JobRecord, progress: JobProgress | undefined, scene: Scene): readonly Line[] {
  const { facts } = scene.words;
  return [
    ...(progress === undefined ? [] : progressLines(progress, scene.state.rates.get(job.id) ?? [], scene.words)),
    ...requestsOf(job).flatMap(({ needs, hint }) => [...fact(facts.waits, sentence(needs), "err"), ...fact(facts.advice, hint === undefined ? undefined : sentence(hint))]),
    ...fact(facts.started, `${moment(job.startedMs)}, ${facts.by} ${name(job.requestedBy)}`),
    ...fact(facts.finished, job.finishedMs === undefined ? undefined : moment(job.finishedMs)),
    ...fact(facts.summary, job.summary === undefined ? undefined : sentence(job.summary), styleOf(job)),
    ...logOf(job, scene).slice(0, logLinesShown),
  ];
}

/** The newest first, as in Log. */
function logOf({ id }: JobRecord, { appliance }: Scene): readonly Line[] {
  return appliance.events
    .filter(({ jobId }) => jobId === id)
    .toReversed()
    .map(({ timeMs, severity, text }): Line => [span(`${moment(timeMs).slice(11)} `, "dim"), span(`${severity} `, severity), span(sentence(text))]);
}

function progressLines(progress: JobProgress, rates: readonly number[], words: Scene["words"]): readonly Line[] {
  const { facts } = words;
  // The ASCII glyphs are legible on every terminal, and a detail does not know on which it is drawn.
  const { glyphs } = look("ascii");
  const share = progress.totalBytes === undefined || progress.totalBytes === 0 ? undefined : progress.doneBytes / progress.totalBytes;
  const rate = rates.at(-1);
  const average = rates.length === 0 ? undefined : rates.reduce((sum, one) => sum + one, 0) / rates.length;
  const left = share === undefined || average === undefined || average <= 0 ? undefined : (progress.totalBytes! - progress.doneBytes) / average;
  return [
    [span(`${facts.stage}: `, "dim"), span(progress.stage, "strong"), ...(share === undefined ? [] : [span("  "), span(bar(share, chartCells, glyphs), "bar"), span(` ${percent(share)}`)])],
    ...fact(facts.bytes, `${formatBytes(progress.doneBytes)} / ${progress.totalBytes === undefined ? "-" : formatBytes(progress.totalBytes)}`),
    ...fact(facts.rate, rate === undefined ? undefined : `${formatRate(rate)}, ${facts.average} ${formatRate(average ?? 0)}, ${facts.eta} ${left === undefined ? "-" : duration(left)}`),
    ...(progress.writing ?? []).flatMap((one) => fact(name(one.pool), streaming(one, words), one.isWriting ? "ok" : "warn")),
    ...fact(facts.time, (progress.stages ?? []).map(({ stage, spentMs }) => `${name(stage)} ${duration(spentMs / 1000)}`).join(", ")),
    ...(rates.length < 2 ? [] : [line(chart(rates, chartCells, glyphs), "bar")]),
    ...fact(facts.cartridges, progress.cartridges.map(({ barcode, fill }) => `${name(barcode)} ${percent(fill)}`).join(", ")),
    ...fact(facts.current, progress.current === undefined ? undefined : name(progress.current)),
  ];
}

/** A drive that stands and starts wears itself and the tape; here it is seen while it happens. */
function streaming({ isWriting, writingMs, waitingMs }: NonNullable<JobProgress["writing"]>[number], { frame }: Scene["words"]): string {
  const spentMs = writingMs + waitingMs;
  const share = percent(spentMs === 0 ? 0 : writingMs / spentMs);
  return isWriting ? frame.streams(share, duration(spentMs / 1000)) : frame.stands(share, duration(spentMs / 1000));
}
