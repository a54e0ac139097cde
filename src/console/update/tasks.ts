import type { ConsoleState, Task } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import type { Action } from "../views/index.ts";
import { type Step, step } from "./contract.ts";

/** Of what commands print, and of commands that ended, so much is kept. */
const linesKept = 1000;
const tasksKept = 50;

/** Begins what an action stands for. A job shows itself in Jobs; everything else shows what it prints. */
export function startTask(state: ConsoleState, action: Action, answers: Readonly<Record<string, string>>, words: Tongue): Step {
  const withSecret = (action.questions ?? []).some(({ isSecret }) => isSecret === true);
  const { state: begun, effects } = start(state, action.words(answers), action.isJob === true, withSecret, words);
  if (action.batch === undefined || begun.exchange === undefined) return { state: begun, effects };
  return { state: { ...begun, exchange: { ...begun.exchange, batch: { ...action.batch, task: begun.tasks.at(-1)!.id, endedMs: undefined } } }, effects };
}

/** A command whose output is shown by what asked for it. */
export function startQuietly(state: ConsoleState, line: readonly string[], words: Tongue): Step & { readonly task: number } {
  const { state: begun, effects } = start(state, line, false, false, words);
  return { state: { ...begun, overlay: state.overlay, notice: state.notice }, effects, task: begun.tasks.at(-1)!.id };
}

export function start(state: ConsoleState, line: readonly string[], isJob: boolean, withSecret: boolean, words: Tongue): Step {
  const id = (state.tasks.at(-1)?.id ?? 0) + 1;
  const task: Task = { id, words: line, lines: [], exitCode: undefined };
  const running = state.tasks.filter(({ exitCode }) => exitCode === undefined);
  const ended = state.tasks.filter(({ exitCode }) => exitCode !== undefined).slice(-tasksKept);
  const tasks = [...[...running, ...ended].sort((a, b) => a.id - b.id), task];
  const notice = { severity: "note", text: words.frame.started(line.join(" ")) } as const;
  const next: ConsoleState = { ...state, tasks, notice, overlay: isJob ? undefined : { kind: "output", task: id, top: undefined } };
  return step(next, { kind: "start", task: id, words: line, isJob, withSecret });
}

export function taskLines(state: ConsoleState, id: number, lines: readonly string[]): ConsoleState {
  return { ...state, tasks: state.tasks.map((task) => (task.id === id ? { ...task, lines: [...task.lines, ...lines].slice(-linesKept) } : task)) };
}

/** The picture is read again: what was asked for has changed something, or was meant to. */
export function taskEnded(state: ConsoleState, id: number, exitCode: number, words: Tongue): Step {
  const task = state.tasks.find((one) => one.id === id);
  if (task === undefined) return step(state);
  const tasks = state.tasks.map((one) => (one.id === id ? { ...one, exitCode } : one));
  const last = exitCode === 0 ? "" : (task.lines.findLast((text) => text.trim() !== "") ?? "");
  const text = `${words.frame.ended(task.words.join(" "), exitCode)}${last === "" ? "" : `: ${last}`}`;
  const isWatched = (state.overlay?.kind === "output" && state.overlay.task === id) || (state.overlay?.kind === "confirm" && state.overlay.preview === id);
  const notice = isWatched ? undefined : { severity: exitCode === 0 ? "ok" : exitCode === 3 ? "warn" : "err", text } as const;
  return step({ ...state, tasks, notice: notice ?? state.notice }, { kind: "refresh" });
}
