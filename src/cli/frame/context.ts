import type { Operations } from "../../operations/index.ts";
import type { Clock } from "../../words/index.ts";
import type { ConsoleChoice } from "../commands/index.ts";
import type { SimulatorTools } from "../simulator-tools.ts";
import type { StopSignal } from "./exit-codes.ts";

/** Everything outside that the command line touches. Tests bring their own; src/main brings the machine's. */
export interface CliContext {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Where a person can be asked; undefined where standard input or standard error is no terminal. */
  readonly terminal: Terminal | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Where the state is when neither --state nor STRONGROOM_STATE says so. */
  readonly defaultStateFolder: string;
  readonly version: string;
  simulator(): Promise<SimulatorTools>;
  /** Shows the console of that appliance until it is left; it opens the operations when it wants them, which is behind the first frame. */
  console(stateFolder: string, operations: () => Promise<Operations>, choice: ConsoleChoice): Promise<void>;
  /** Opened at most once for a command, and closed when it ends, however it ends. */
  openOperations(stateFolder: string): Promise<OpenedOperations>;
  /** Calls `listener` for each such signal until the returned function is called. */
  onSignal(signal: StopSignal | "SIGUSR1", listener: () => void): () => void;
  /** Ends the process at once: for the second Ctrl-C only. */
  exitNow(code: number): void;
}

export interface OpenedOperations {
  readonly operations: Operations;
  close(): Promise<void>;
}

export interface TextOutput {
  readonly isTty: boolean;
  /** Width as it is now; undefined when it is no terminal. */
  columns(): number | undefined;
  write(text: string): void;
  /** Waits while the reader is slower than we are; true when it has gone away. */
  drained(): Promise<boolean>;
}

export interface Terminal {
  /** One line as typed, without its end; undefined at the end of input. */
  readLine(prompt: string): Promise<string | undefined>;
  /** The same without echo, as bytes that the caller zeroes. */
  readSecret(prompt: string): Promise<Uint8Array | undefined>;
}
