import { commands, knownNames } from "./commands/index.ts";
import type { Operations } from "../operations/index.ts";
import { type CliContext, type CommandSet, complete, runCommands } from "./frame/index.ts";

/** The records that help is made of, for whoever writes manuals of them. */
export { commands } from "./commands/index.ts";
export type { ArgumentRecord, Command, OptionRecord } from "./commands/index.ts";
export { globalOptions, topics } from "./frame/index.ts";

export { type CliContext, createTerminal, exitCodes, type OpenedOperations, type StopSignal, type Terminal, type TextOutput } from "./frame/index.ts";
export type { SimulatedState, SimulatorHands } from "./simulator-hands.ts";
export type { ConsoleChoice } from "./commands/index.ts";
export type {
  DriveReport, NewSimulatedLibrary, ServiceEvents, SimulatedCartridge, SimulatedElement, SimulatedLibrary, SimulatorFaults, SimulatorService, SimulatorTools,
} from "./simulator-tools.ts";

/** What may stand in place of the last of these words, by the records of the commands and the names that exist now. */
export async function completions(words: readonly string[], operations: Operations): Promise<readonly string[]> {
  const found = await complete(commands, words, (kind) => knownNames(operations, kind).catch(() => []));
  return found.map(({ value }) => value);
}

const everything: CommandSet = {
  commands,
  names: knownNames,
};

/**
 * Runs one command line, given without the program's own name, and returns the exit code: see `strongroom help exit-codes`.
 * Never throws and never ends the process, except through `context.exitNow` at the second Ctrl-C.
 */
export function runCommandLine(argv: readonly string[], context: CliContext): Promise<number> {
  return runCommands(argv, everything, context);
}
