/**
 * How an outcome is graded, mildest first. One scale for jobs, errors, alerts and volumes.
 *
 * - `ok` nothing new to know
 * - `note` for the record
 * - `warn` works; look at it some time
 * - `err` one thing did not work, the rest went on; here is what to do
 * - `fatal` the work did not happen and cannot by itself
 */
export const severities = ["ok", "note", "warn", "err", "fatal"] as const;

export type Severity = (typeof severities)[number];

/** The graver of the two. */
export function worst(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) >= severities.indexOf(b) ? a : b;
}
