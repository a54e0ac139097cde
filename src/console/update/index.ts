import type { JobProgress } from "../../operations/index.ts";
import type { AppliancePicture, ConsoleState, Overlay } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { dialogOf } from "../frame/index.ts";
import { rung } from "./bell.ts";
import { browse } from "./browsing.ts";
import { completed } from "./completing.ts";
import { inConfirm } from "./confirm.ts";
import { type ConsoleEvent, type Step, step } from "./contract.ts";
import { batchEnded, batchSettled } from "./exchange.ts";
import { compared, inForm } from "./form.ts";
import { inMenu } from "./menu.ts";
import { inCommand, inFilter, inOutput } from "./prompts.ts";
import { scanned, withScanner } from "./scanning.ts";
import { arrived } from "./tree.ts";
import { taskEnded, taskLines } from "./tasks.ts";

export type { ConsoleEvent, Effect, Step } from "./contract.ts";
export { opened } from "./tree.ts";
export { wordsOf } from "./typing.ts";

/** Rates kept of a job: a chart's worth. */
const ratesKept = 120;

/** What becomes of the console when something happens: the new state, and what the world shall do. Pure. */
export function update(state: ConsoleState, event: ConsoleEvent, words: Tongue): Step {
  switch (event.kind) {
    case "key": return pressed(state, event.key, words);
    case "scan": return scanned(state, event.code, words);
    case "size": return step({ ...state, columns: event.columns, rows: event.rows });
    case "time": return step({ ...state, nowMs: event.nowMs });
    case "picture": return rung(batchSettled({ ...state, appliance: event.appliance, nowMs: event.appliance.readMs, rates: ratesWith(state, event.appliance) }), words);
    default: return answered(state, event, words);
  }
}

/** What was asked for came back. */
function answered(state: ConsoleState, event: Exclude<ConsoleEvent, { readonly kind: "key" | "scan" | "size" | "time" | "picture" }>, words: Tongue): Step {
  switch (event.kind) {
    case "secret": return step(state.overlay?.kind === "form" ? { ...state, overlay: { ...state.overlay, secretCharacters: event.characters } } : state);
    case "secret-compared": return compared(state, event.isSame, words);
    case "losses": return step(state.overlay?.kind === "confirm" ? { ...state, overlay: { ...state.overlay, losses: event.losses } } : state);
    case "snapshots": case "directory": return step(arrived(state, event));
    case "completed": return step(completed(state, event.text, event.candidates, words));
    case "task-lines": return step(taskLines(state, event.task, event.lines));
    case "task-ended": return taskEnded(batchEnded(state, event.task), event.task, event.exitCode, words);
    case "trouble": return step({ ...state, notice: { severity: "err", text: event.text } });
    case "scanner": return step(withScanner(state, event.change, words));
    case "saved": return step({ ...state, notice: { severity: "ok", text: event.path } });
  }
}

function pressed(state: ConsoleState, key: string, words: Tongue): Step {
  const { overlay } = state;
  switch (overlay?.kind) {
    case undefined: return browse(state, key, words);
    case "menu": return inMenu(state, overlay, key, words);
    case "form": return inForm(state, overlay, key, words);
    case "confirm": return inConfirm(state, overlay, key, words);
    case "filter": return inFilter(state, overlay, key);
    case "command": return inCommand(state, overlay, key, words);
    case "output": return inOutput(state, overlay, key);
    case "help": return step(scrolled(state, overlay, key, words));
    case "detail": return step(scrolled(state, overlay, key, words));
    case "leave": return key === "y" ? step(state, { kind: "leave" }) : step({ ...state, overlay: undefined });
  }
}

/** What is only to be read: keys of movement scroll, any other closes it. */
function scrolled(state: ConsoleState, overlay: Extract<Overlay, { readonly top: number }>, key: string, words: Tongue): ConsoleState {
  const page = Math.max(1, state.rows - 8);
  const by: Readonly<Record<string, number>> = { down: 1, j: 1, pagedown: page, up: -1, k: -1, pageup: -page, home: -overlay.top };
  const move = by[key];
  if (move === undefined || state.appliance === undefined) return { ...state, overlay: undefined };
  const lines = dialogOf({ appliance: state.appliance, state, words }, Math.min(state.columns - 6, 100))?.lines.length ?? 0;
  return { ...state, overlay: { ...overlay, top: Math.max(0, Math.min(lines - page, overlay.top + move)) } };
}

/** Bytes a second between two readings of the same stage; a stage that began anew begins a new chart. */
function ratesWith(state: ConsoleState, appliance: AppliancePicture): ConsoleState["rates"] {
  const before = state.appliance;
  const rates = new Map<number, readonly number[]>();
  for (const now of appliance.progress) {
    const then = before?.progress.find(({ jobId }) => jobId === now.jobId);
    const known = state.rates.get(now.jobId) ?? [];
    const rate = then === undefined || before === undefined ? undefined : rateBetween(then, before.readMs, now, appliance.readMs);
    const kept = then !== undefined && then.stage !== now.stage ? [] : known;
    rates.set(now.jobId, rate === undefined ? kept : [...kept, rate].slice(-ratesKept));
  }
  return rates;
}

function rateBetween(then: JobProgress, thenMs: number, now: JobProgress, nowMs: number): number | undefined {
  if (then.stage !== now.stage || now.doneBytes < then.doneBytes || nowMs <= thenMs) return undefined;
  return ((now.doneBytes - then.doneBytes) * 1000) / (nowMs - thenMs);
}
