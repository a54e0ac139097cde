import type { JobOptions, JobResult } from "../../operations/index.ts";
import { StrongroomError } from "../../words/index.ts";
import type { CliContext } from "./context.ts";
import { exitCodeOfSignal, type StopSignal } from "./exit-codes.ts";
import { holdLastEvent, type LastEvent } from "./last-event.ts";
import { createProgress } from "./progress.ts";

export interface JobOutcome<Result> {
  readonly result: Result;
  /** The signal that asked the job to stop, if one did. */
  readonly stoppedBy: StopSignal | undefined;
}

/** The signal that stopped a job which then ended by throwing, kept with what it threw. */
export class Stopped extends Error {
  readonly signal: StopSignal;

  constructor(signal: StopSignal, cause: unknown) {
    super(`stopped by ${signal}`, { cause });
    this.signal = signal;
  }
}

/** Runs long work with progress. The first Ctrl-C asks it to stop where nothing is lost; the second ends the process. */
export async function runJob<Result extends Pick<JobResult, "severity">>(
  context: CliContext,
  choices: { readonly json: boolean; readonly quiet: boolean },
  work: (options: JobOptions) => Promise<Result>,
): Promise<JobOutcome<Result>> {
  const controller = new AbortController();
  const display = createProgress({ ...choices, stdout: context.stdout, stderr: context.stderr, clock: context.clock });
  // Programs get every event as it was written down.
  const events: LastEvent = choices.json ? { observer: display.observer, ended: () => undefined } : holdLastEvent(display.observer);
  let stoppedBy: StopSignal | undefined;
  const stop = (signal: StopSignal) => () => {
    if (stoppedBy !== undefined) {
      display.finish();
      context.exitNow(exitCodeOfSignal(signal));
      return;
    }
    stoppedBy = signal;
    display.finish();
    context.stderr.write("stopping at a safe point; again to abort (the segment in work will be made again)\n");
    controller.abort(new StrongroomError("failed", "STOPPED", "stopped on request; the same command goes on from here"));
  };
  const release = [
    context.onSignal("SIGINT", stop("SIGINT")),
    context.onSignal("SIGTERM", stop("SIGTERM")),
    context.onSignal("SIGUSR1", () => display.printNow()),
  ];
  try {
    const result = await work({ observer: events.observer, signal: controller.signal });
    events.ended();
    return { result, stoppedBy };
  } catch (thrown) {
    events.ended(thrown);
    throw signalOf(stoppedBy, thrown);
  } finally {
    display.finish();
    for (const off of release) off();
  }
}

/** Work that ends when it is asked to; asked twice, the process ends. */
export async function runUntilStopped(context: CliContext, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const stop = (signal: StopSignal) => () => {
    if (controller.signal.aborted) context.exitNow(exitCodeOfSignal(signal));
    controller.abort();
  };
  const release = [context.onSignal("SIGINT", stop("SIGINT")), context.onSignal("SIGTERM", stop("SIGTERM"))];
  try {
    await work(controller.signal);
  } finally {
    for (const off of release) off();
  }
}

function signalOf(signal: StopSignal | undefined, thrown: unknown): unknown {
  return signal === undefined ? thrown : new Stopped(signal, thrown);
}
