import type { Clock } from "../../src/words/index.ts";

export interface Watched {
  /** Monotonic time when something came for the last time. */
  heardMs(): number;
  ping(): void;
  giveUp(): void;
}

/** Asks for a sign of life after `silenceMs` without one, and gives up when none comes for as long again. Ends with the signal. */
export async function watchSilence(clock: Clock, silenceMs: number, signal: AbortSignal, watched: Watched): Promise<void> {
  let pingedMs: number | undefined;
  try {
    for (;;) {
      await clock.sleep(silenceMs / 4, signal);
      const [nowMs, heardMs] = [clock.monotonicMs(), watched.heardMs()];
      if (pingedMs !== undefined && heardMs >= pingedMs) pingedMs = undefined;
      if (pingedMs !== undefined && nowMs - pingedMs >= silenceMs) {
        watched.giveUp();
        return;
      }
      if (pingedMs !== undefined || nowMs - heardMs < silenceMs) continue;
      pingedMs = nowMs;
      watched.ping();
    }
  } catch {
    // Sleeping is cut short when the session is over.
  }
}
