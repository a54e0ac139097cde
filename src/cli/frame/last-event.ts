import type { JobObserver } from "../../operations/index.ts";
import { asStrongroomError } from "../../words/index.ts";

type JobEvent = Parameters<JobObserver["event"]>[0];

export interface LastEvent {
  readonly observer: JobObserver;
  /** The job ended: lets go of what was held back, unless it is what the job threw and will be told as the error anyway. */
  ended(thrown?: unknown): void;
}

/**
 * Holds a grave event back until something follows it. A job writes its own failure into its log as its last event before it throws;
 * people should read it once, as the error with its hint.
 */
export function holdLastEvent(observer: JobObserver): LastEvent {
  let held: JobEvent | undefined;
  const release = (): void => {
    const event = held;
    held = undefined;
    if (event !== undefined) observer.event(event);
  };
  return {
    observer: {
      progress(progress) {
        release();
        observer.progress(progress);
      },
      event(event) {
        release();
        if (event.severity === "err" || event.severity === "fatal") held = event;
        else observer.event(event);
      },
    },
    ended(thrown) {
      if (thrown !== undefined && held?.code === asStrongroomError(thrown).code) held = undefined;
      release();
    },
  };
}
