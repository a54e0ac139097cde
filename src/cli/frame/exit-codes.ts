import { type ErrorKind, type Severity, severities } from "../../words/index.ts";

/** What a process ends with, by what went wrong; 128 + N stands for the signal N that ended it. Anything else is a failure. */
export const exitCodes: Readonly<Record<ErrorKind | "ok", number>> = {
  ok: 0,
  failed: 1,
  usage: 2,
  incomplete: 3,
  operator: 4,
  busy: 5,
  denied: 6,
  mismatch: 7,
  temporary: 8,
  missing: 10,
  internal: 70,
};

/** In the words of `strongroom help exit-codes`. */
export const exitMeanings: readonly (readonly [code: string, meaning: string])[] = [
  ["0", "done; at most something for the record"],
  ["1", "failed: the work could not be done"],
  ["2", "the command line or a value in it is wrong; nothing was done"],
  ["3", "finished, but something was left out or wants a look (warn)"],
  ["4", "a person or a medium is needed, and none was there"],
  ["5", "somebody else holds what is needed"],
  ["6", "not permitted"],
  ["7", "data is not what was sealed or promised"],
  ["8", "temporary: the same command may succeed later"],
  ["10", "what was named does not exist"],
  ["70", "a mistake of this program"],
  ["128+N", "ended by signal N: 130 for Ctrl-C, 143 for a request to terminate"],
];

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;

export type StopSignal = keyof typeof signalNumbers;

export function exitCodeOfSignal(signal: StopSignal): number {
  return 128 + signalNumbers[signal];
}

export function exitCodeOf(outcome: Severity | ErrorKind): number {
  if (!isSeverity(outcome)) return exitCodes[outcome];
  if (outcome === "ok" || outcome === "note") return exitCodes.ok;
  return outcome === "warn" ? exitCodes.incomplete : exitCodes.failed;
}

/** The one to end with when several things happened: what says most about what went wrong, and of equals the first. */
export function graver(a: number, b: number): number {
  return weightOf(b) > weightOf(a) ? b : a;
}

/** A bare failure says less than any code that says why. */
function weightOf(code: number): number {
  const mild: readonly number[] = [exitCodes.ok, exitCodes.incomplete, exitCodes.failed];
  const at = mild.indexOf(code);
  return at === -1 ? mild.length : at;
}

function isSeverity(outcome: string): outcome is Severity {
  return (severities as readonly string[]).includes(outcome);
}
