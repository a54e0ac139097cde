import { Argument, Command as Parser, CommanderError, Option } from "commander";
import { StrongroomError } from "../../words/index.ts";
import type { Command, OptionRecord } from "../commands/index.ts";
import { takesValue } from "./completion.ts";
import { commandHelp, nounHelp, rootHelp } from "./help.ts";
import { globalOptions } from "./globals.ts";

export interface ProgramChoices {
  readonly version: string;
  readonly write: (text: string) => void;
  /** Called when a command was typed whole and rightly. */
  readonly found: (command: Command, parser: Parser) => void;
}

/** The parser for all commands. It never ends the process and prints nothing but help and version: errors are thrown. */
export function createProgram(commands: readonly Command[], choices: ProgramChoices): Parser {
  const root = quietParser(new Parser("strongroom"), choices).version(choices.version).helpCommand(false);
  showHelp(root, rootHelp(commands));
  addOptions(root, globalOptions);
  const nouns = new Map<string, Parser>();
  for (const command of commands) {
    if (command.verb === "") {
      addCommand(root, command.noun, command, choices);
      continue;
    }
    let noun = nouns.get(command.noun);
    if (noun === undefined) {
      noun = quietParser(root.command(command.noun), choices).helpCommand(false);
      showHelp(noun, nounHelp(command.noun, commands));
      nouns.set(command.noun, noun);
    }
    addCommand(noun, command.verb, command, choices);
  }
  return root;
}

/** The parser's own complaint as an error of ours; undefined when it only showed help or the version. */
export function parserError(thrown: unknown): StrongroomError | undefined {
  if (!(thrown instanceof CommanderError)) return thrown as StrongroomError;
  if (thrown.exitCode === 0) return undefined;
  if (thrown.code === "commander.help") return usage("a command is missing", "add --help to see the commands");
  const [first = "", ...more] = thrown.message.replace(/^error: /, "").split("\n");
  const advice = more.map((line) => line.replace(/^\((.*)\)$/, "$1").replace(/^Did/, "did"));
  return usage(first, advice.join("\n") || "add --help to see how the command is used", thrown);
}

function usage(message: string, hint: string, cause?: unknown): StrongroomError {
  return new StrongroomError("usage", "USAGE", message, cause === undefined ? { hint } : { hint, cause });
}

function addCommand(above: Parser, word: string, command: Command, choices: ProgramChoices): void {
  const parser = quietParser(above.command(word), choices);
  showHelp(parser, commandHelp(command));
  for (const { name, optional, many } of command.arguments ?? []) {
    const word = `${name}${many === true ? "..." : ""}`;
    parser.addArgument(new Argument(optional === true ? `[${word}]` : `<${word}>`));
  }
  addOptions(parser, [...(command.options ?? []), ...globalOptions]);
  parser.action(() => choices.found(command, parser));
}

function addOptions(parser: Parser, records: readonly OptionRecord[]): void {
  for (const record of records) {
    const flags = takesValue(record) ? record.flags.replace(/ (.+)$/, " <$1>") : record.flags;
    const option = new Option(flags, record.summary);
    if (record.required === true) option.makeOptionMandatory();
    if (record.choices !== undefined) option.choices(record.choices);
    if (record.many === true) {
      // One value each, so that what follows is never swallowed.
      option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    }
    parser.addOption(option);
  }
}

function quietParser(parser: Parser, choices: ProgramChoices): Parser {
  return parser
    .exitOverride()
    .configureOutput({ writeOut: choices.write, writeErr: () => undefined })
    .helpOption("-h, --help", "show this help")
    .showSuggestionAfterError()
    .allowExcessArguments(false);
}

function showHelp(parser: Parser, text: string): void {
  parser.helpInformation = () => text;
}
