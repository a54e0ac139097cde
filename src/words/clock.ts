/** Where time comes from. Everything that needs the time or waits takes a Clock, so that tests own time. */
export interface Clock {
  /** Wall-clock time, milliseconds since 1970-01-01 UTC. May jump. */
  nowMs(): number;
  /** Monotonic time in milliseconds, for durations and rates. Never jumps back. */
  monotonicMs(): number;
  /** Resolves after at least `durationMs`; rejects with the signal's reason when it aborts first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** RFC 3339 in UTC with seconds, as every text of the project writes times. */
export function rfc3339(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d{3}Z$/, "Z");
}
