import type { Severity } from "./severity.ts";
import { isDiskFull, systemCode } from "./system-failure.ts";

/**
 * What kind of failure this is for whoever called: it decides the exit code of a command and whether a job retries.
 *
 * - `failed` the work could not be done
 * - `usage` the request itself is wrong
 * - `incomplete` finished, but something was left out
 * - `operator` a person or a medium is needed and none is there
 * - `busy` somebody else holds what is needed
 * - `denied` not permitted
 * - `mismatch` data is not what was sealed or promised
 * - `temporary` the same request may succeed later
 * - `missing` what was named does not exist
 * - `internal` a mistake of this program
 */
export type ErrorKind =
  | "failed"
  | "usage"
  | "incomplete"
  | "operator"
  | "busy"
  | "denied"
  | "mismatch"
  | "temporary"
  | "missing"
  | "internal";

export interface ErrorDetails {
  readonly severity?: Severity;
  /** What to do next, as one imperative sentence without a full stop. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The one error type. `code` is stable, upper case with underscores, named after what went wrong (`VOLUME_FOREIGN`);
 * support and tests ask for the code, people read the message and the hint.
 * The message says what happened and what is safe, in lower case and without a full stop.
 */
export class StrongroomError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly severity: Severity;
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = "StrongroomError";
    this.kind = kind;
    this.code = code;
    this.severity = details.severity ?? "err";
    this.hint = details.hint;
  }
}

/** Turns anything thrown into a StrongroomError; what we did not plan for becomes `internal`, code `UNEXPECTED`. */
export function asStrongroomError(thrown: unknown): StrongroomError {
  if (thrown instanceof StrongroomError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const disk = diskFailure(thrown, message);
  if (disk !== undefined) return disk;
  return new StrongroomError("internal", "UNEXPECTED", message, { severity: "fatal", cause: thrown });
}

/** What can happen to any file at any time, and is no mistake of this program. */
function diskFailure(thrown: unknown, reason: string): StrongroomError | undefined {
  if (isDiskFull(thrown)) {
    return new StrongroomError("failed", "DISK_FULL", `a disk has no room left; what was recorded before is safe (${reason})`, {
      severity: "fatal",
      hint: "make room on the disk of that file, or raise the user's limit, and run the same command again",
      cause: thrown,
    });
  }
  if (systemCode(thrown) !== "EIO" && systemCode(thrown) !== "EROFS") return undefined;
  return new StrongroomError("failed", "DISK_FAILED", `a disk refused to read or write; what was recorded before is safe (${reason})`, {
    severity: "fatal",
    hint: "look at the kernel log (dmesg) for errors of that disk and how it is mounted, then run the same command again",
    cause: thrown,
  });
}
