import type { Command as Parser } from "commander";
import type { JobOptions, JobResult, Operations } from "../../operations/index.ts";
import { StrongroomError } from "../../words/index.ts";
import type { Call, Command, NameKind } from "../commands/index.ts";
import { exactUnits, iecUnits } from "../views/index.ts";
import { createAnswer } from "./answer.ts";
import { createAsk } from "./ask.ts";
import { builtIn } from "./built-in.ts";
import { type ColourChoice, palette, wantsColour } from "./colour.ts";
import type { CliContext, OpenedOperations } from "./context.ts";
import { reportError } from "./errors.ts";
import { exitCodeOfSignal, exitCodes } from "./exit-codes.ts";
import { runJob, runUntilStopped, Stopped } from "./job.ts";
import { createProgram, parserError } from "./program.ts";
import { createTyped } from "./typed.ts";

export interface CommandSet {
  readonly commands: readonly Command[];
  /** Names for completion, from an appliance that is open. */
  names(operations: Operations, kind: NameKind): Promise<readonly string[]>;
  /** May add what was probably meant to an error about a name. */
  explain?(thrown: unknown, operations: Operations | undefined): Promise<unknown>;
}

interface Found {
  readonly command: Command;
  readonly parser: Parser;
}

/** Runs one command line (without the program's own name) and returns the exit code. Never throws, never ends the process. */
export async function runCommands(argv: readonly string[], set: CommandSet, context: CliContext): Promise<number> {
  const opener = createOpener(context);
  // Before the line is understood, whether JSON is wanted can only be seen in its words.
  let json = argv.includes("--json");
  let colours = palette(wantsColour("auto", context.environment, context.stderr.isTty));
  try {
    const names = async (kind: NameKind) => set.names(await opener.open(stateFolder(context, undefined)), kind);
    if (await builtIn(argv, set.commands, names, (text) => context.stdout.write(text))) return exitCodes.ok;
    const found = await parse(argv, set.commands, context);
    if (found === undefined) return exitCodes.ok;
    const choices = choicesOf(found.parser);
    json = choices.json;
    colours = palette(wantsColour(choices.colour, context.environment, context.stderr.isTty));
    return await runFound(found, choices, context, opener);
  } catch (thrown) {
    if (thrown instanceof Stopped) {
      reportError(thrown.cause, context.stderr, json, colours);
      return exitCodeOfSignal(thrown.signal);
    }
    const explained = set.explain === undefined ? thrown : await set.explain(thrown, opener.opened()).catch(() => thrown);
    return reportError(explained, context.stderr, json, colours);
  } finally {
    await opener.close().catch((thrown: unknown) => reportError(thrown, context.stderr, json, colours));
  }
}

async function parse(argv: readonly string[], commands: readonly Command[], context: CliContext): Promise<Found | undefined> {
  let found: Found | undefined;
  const program = createProgram(commands, {
    version: context.version,
    write: (text) => context.stdout.write(text),
    found: (command, parser) => {
      found = { command, parser };
    },
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (thrown) {
    const error = parserError(thrown);
    if (error !== undefined) throw error;
  }
  return found;
}

async function runFound({ command, parser }: Found, choices: Choices, context: CliContext, opener: Opener): Promise<number> {
  const { answer, exitCode } = createAnswer(context.stdout, context.stderr, choices);
  const typed = createTyped(command, parser);
  const declared = (name: string) => ((command.options ?? []).some(({ flags }) => flags.startsWith(`${name} `)) ? typed.option(name) : undefined);
  let stoppedCode: number | undefined;
  const call: Call = {
    clock: context.clock,
    units: choices.bytes ? exactUnits : iecUnits,
    typed,
    answer,
    ask: createAsk({
      terminal: choices.input ? context.terminal : undefined,
      stderr: context.stderr,
      yes: choices.yes,
      passphraseFile: declared("--passphrase-file"),
      passphraseFd: declared("--passphrase-fd"),
    }),
    simulator: () => context.simulator(),
    console: async (choice) => {
      const folder = stateFolder(context, choices.state);
      await context.console(folder, () => opener.open(folder), choice);
    },
    operations: () => opener.open(stateFolder(context, choices.state)),
    async job<Result extends Pick<JobResult, "severity">>(work: (options: JobOptions) => Promise<Result>) {
      const { result, stoppedBy } = await runJob(context, choices, work);
      answer.exitWith(result.severity);
      if (stoppedBy !== undefined) stoppedCode = exitCodeOfSignal(stoppedBy);
      return result;
    },
    untilStopped: async (work) => { await runUntilStopped(context, work); },
  };
  await command.run(call);
  return stoppedCode ?? exitCode();
}

interface Choices {
  readonly state: string | undefined;
  readonly json: boolean;
  readonly bytes: boolean;
  readonly quiet: boolean;
  readonly yes: boolean;
  readonly input: boolean;
  readonly colour: ColourChoice;
}

/** The options of everywhere may stand before the noun or after the verb; what stands later wins. */
function choicesOf(parser: Parser): Choices {
  const own = parser.opts();
  const outer = (parser.parent?.parent ?? parser.parent)?.opts() ?? {};
  const value = (name: string): unknown => own[name] ?? outer[name];
  return {
    state: value("state") as string | undefined,
    json: value("json") === true,
    bytes: value("bytes") === true,
    quiet: value("quiet") === true,
    yes: value("yes") === true,
    input: own["input"] !== false && outer["input"] !== false,
    colour: (value("color") as ColourChoice | undefined) ?? "auto",
  };
}

function stateFolder(context: CliContext, typed: string | undefined): string {
  const fromEnvironment = context.environment["STRONGROOM_STATE"];
  // Set to nothing is not set, as the shells' own ${NAME:-} has it.
  const folder = typed ?? (fromEnvironment === undefined || fromEnvironment === "" ? context.defaultStateFolder : fromEnvironment);
  if (folder === "") throw new StrongroomError("usage", "USAGE", "--state takes a folder");
  return folder;
}

interface Opener {
  open(folder: string): Promise<Operations>;
  opened(): Operations | undefined;
  close(): Promise<void>;
}

function createOpener(context: CliContext): Opener {
  let opening: Promise<OpenedOperations> | undefined;
  let opened: OpenedOperations | undefined;
  return {
    async open(folder) {
      opening ??= context.openOperations(folder);
      opened = await opening;
      return opened.operations;
    },
    opened: () => opened?.operations,
    close: async () => opened?.close(),
  };
}
