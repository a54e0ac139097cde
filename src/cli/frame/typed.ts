import type { Command as Parser } from "commander";
import { StrongroomError } from "../../words/index.ts";
import type { Command, Typed } from "../commands/index.ts";
import { longFlag } from "./completion.ts";

/** What the parser found, under the names of the command's record. Asking for a name that the record lacks is our own mistake. */
export function createTyped(command: Command, parser: Parser): Typed {
  const valuesOfArgument = (name: string): readonly string[] => {
    const at = (command.arguments ?? []).findIndex((argument) => argument.name === name);
    if (at === -1) throw undeclared(command, name);
    const value: unknown = parser.processedArgs[at];
    return value === undefined ? [] : Array.isArray(value) ? (value as string[]) : [value as string];
  };
  const valueOfOption = (name: string): unknown => {
    const option = parser.options.find(({ long }) => long === name);
    if (option === undefined || !(command.options ?? []).some((record) => longFlag(record) === name)) throw undeclared(command, name);
    const value: unknown = parser.getOptionValue(option.attributeName());
    // For `--no-x` the parser keeps `x`, which is true until the option was given.
    return option.negate ? value === false : value;
  };
  const option = (name: string): string | undefined => {
    const value = valueOfOption(name);
    return Array.isArray(value) ? (value.at(-1) as string | undefined) : (value as string | undefined);
  };
  return {
    argument: (name) => valuesOfArgument(name)[0],
    required: (name) => valuesOfArgument(name)[0] ?? missing(name),
    arguments: valuesOfArgument,
    option,
    needed: (name) => option(name) ?? missing(name),
    options(name) {
      const value = valueOfOption(name);
      return value === undefined ? [] : Array.isArray(value) ? (value as string[]) : [value as string];
    },
    flag: (name) => valueOfOption(name) === true,
  };
}

function missing(name: string): never {
  throw new StrongroomError("usage", "USAGE", `${name} is missing`, { hint: "add --help to see how the command is used" });
}

function undeclared(command: Command, name: string): StrongroomError {
  return new StrongroomError("internal", "UNDECLARED", `${command.noun} ${command.verb} asks for ${name}, which it does not declare`);
}
