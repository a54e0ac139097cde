import type { JobOptions, JobResult, Operations, SecretSource } from "../../operations/index.ts";
import type { Clock, ErrorKind, Severity } from "../../words/index.ts";
import type { SimulatorTools } from "../simulator-tools.ts";
import type { Fact, JsonObject, TextTable, Units } from "../views/index.ts";

/**
 * One call of a command: what was typed, what it may use, and how it answers. Commands know nothing else, so that each can be
 * tested with a fake appliance and without a terminal.
 */
export interface Call {
  readonly clock: Clock;
  readonly units: Units;
  readonly typed: Typed;
  readonly answer: Answer;
  readonly ask: Ask;
  simulator(): Promise<SimulatorTools>;
  /** Shows the console to the person at the terminal until it is left; rejects where there is no terminal that it could use. */
  console(choice: ConsoleChoice): Promise<void>;
  /** Opened at the first call, closed when the command ends. */
  operations(): Promise<Operations>;
  /**
   * Runs long work: shows its progress and its events, and lets the operator stop it at a safe point. Resolves when it ended by itself;
   * the exit code follows its severity.
   */
  job<Result extends Pick<JobResult, "severity">>(work: (options: JobOptions) => Promise<Result>): Promise<Result>;
  /** For work that goes on until somebody ends it, which is no failure: the first Ctrl-C or request to terminate aborts the signal, the second ends the process. */
  untilStopped(work: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

/** What was typed, under the names that help prints. */
export interface Typed {
  /** `undefined` for an argument that was left out. */
  argument(name: string): string | undefined;
  /** A required argument. */
  required(name: string): string;
  /** All values of an argument that may be repeated. */
  arguments(name: string): readonly string[];
  /** The value of an option such as `--pool`. */
  option(name: string): string | undefined;
  /** The value of an option that must be given: USAGE when it was not. */
  needed(name: string): string;
  /** All values of an option that may be repeated. */
  options(name: string): readonly string[];
  /** Whether an option without value was given. */
  flag(name: string): boolean;
}

/** Standard output, once as text for people and once as JSON for programs; only one of them is printed. */
export interface Answer {
  /** With --json the document; otherwise whatever `text` prints through the methods below. */
  document(document: JsonObject, text: () => void): void;
  facts(facts: readonly Fact[]): void;
  table(table: TextTable): void;
  line(text: string): void;
  /** What to do next: printed for people only, on standard error. */
  next(text: string): void;
  /** How a job ended: with --json one line `{"message_type": "summary", …}` with the job's facts in front; the exit code follows its severity. */
  result(result: JobResult, document: JsonObject, text: () => void): void;
  /** One line of a stream: with --json `{"message_type": …}`, otherwise the text. */
  record(type: string, record: JsonObject, text: () => string): void;
  /** Waits while the reader is slower than we are; true when it has gone away, so that nothing more need be written. */
  drained(): Promise<boolean>;
  /** Bytes as they are, for output that is itself a file. */
  raw(text: string): void;
  /** Makes the exit code at least as grave as this. */
  exitWith(outcome: Severity | ErrorKind): void;
}

/** Questions to the person at the terminal. Without one, each is an error that names the option to use instead. */
export interface Ask {
  /** Whether somebody is there to be asked. */
  readonly possible: boolean;
  /** Shows what would happen and asks yes or no; no is the default. `--yes` answers it. */
  moderate(what: readonly string[], question: string): Promise<boolean>;
  /** Shows what would be lost and has the barcode typed; returns it as typed. */
  barcode(what: readonly string[], barcode: string, option: string): Promise<string>;
  /** From --passphrase-file, --passphrase-fd, or the terminal (asked twice where it is a new one). */
  passphrase(purpose: string, isNew: boolean): SecretSource;
}

/** How the console shall look and speak; what is not said follows the terminal and the locale. */
export interface ConsoleChoice {
  readonly look: string | undefined;
  readonly language: string | undefined;
  /** Numbered menus and appended lines, for screen readers, logs and terminals that cannot place text. */
  readonly isPlain: boolean;
}
