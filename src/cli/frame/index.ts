export type { CliContext, OpenedOperations, Terminal, TextOutput } from "./context.ts";
export { exitCodeOf, exitCodes, type StopSignal } from "./exit-codes.ts";
export { globalOptions } from "./globals.ts";
export { complete } from "./completion.ts";
export { commandHelp, nounHelp, rootHelp } from "./help.ts";
export { type CommandSet, runCommands } from "./run.ts";
export { createTerminal } from "./terminal.ts";
export { type Topic, topics } from "./topics.ts";
