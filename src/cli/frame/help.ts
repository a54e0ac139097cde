import type { ArgumentRecord, Command, OptionRecord } from "../commands/index.ts";
import { globalOptions } from "./globals.ts";
import { topics } from "./topics.ts";

const widthColumns = 100;

/** Help of one command: what it does, how it is used (examples first), then every argument and option. */
export function commandHelp(command: Command): string {
  const parts = [
    `${sentence(command.summary)}\n`,
    section("Examples", command.examples.map(({ line, what }) => `  # ${what}\n  ${line}\n`).join("")),
    section("Usage", `  strongroom ${nameOf(command)}${(command.arguments ?? []).map(placeholder).join("")} [options]\n`),
    command.details === undefined ? "" : `${command.details.split("\n").map(wrapped).join("\n")}\n`,
    section("Arguments", rows((command.arguments ?? []).map(({ name, summary }) => [name, summary]))),
    section("Options", rows((command.options ?? []).map(optionRow))),
    section("Everywhere", rows(globalOptions.map(optionRow))),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

export function nounHelp(noun: string, commands: readonly Command[]): string {
  const own = commands.filter((command) => command.noun === noun);
  const examples = own.slice(0, 3).flatMap(({ examples: [first] }) => (first === undefined ? [] : [`  ${first.line}\n`]));
  return [
    section("Examples", examples.join("")),
    section("Commands", rows(own.map(({ verb, summary }) => [`${noun} ${verb}`, summary]))),
    `strongroom ${noun} VERB --help says more.\n`,
  ].join("\n");
}

export function rootHelp(commands: readonly Command[]): string {
  const nouns = [...new Set(commands.map(({ noun }) => noun))];
  const verbs = (noun: string) => commands.filter((command) => command.noun === noun).map(({ verb, summary }) => verb || summary).join(", ");
  return [
    "Archives trees of files to encrypted, signed volumes on tape and disk that stock tools can restore.\n",
    section("Examples", rootExamples),
    section("Commands", rows([...nouns.map((noun) => [noun, verbs(noun)] as const), ...builtIn])),
    section("Topics", rows(topics.map(({ name, summary }) => [`help ${name}`, summary]))),
    section("Everywhere", rows(globalOptions.map(optionRow))),
  ].join("\n");
}

const builtIn = [
  ["completion", "bash, fish, zsh"],
  ["help", "a command or a topic"],
] as const;

const rootExamples = `  # a new appliance and its keys
  strongroom appliance init --name vault
  strongroom key init --export /media/usb/keys
  # what a command does
  strongroom help archive run
`;

/** `volume init`, or the noun alone. */
function nameOf({ noun, verb }: Command): string {
  return verb === "" ? noun : `${noun} ${verb}`;
}

function section(title: string, text: string): string {
  return text === "" ? "" : `${title}:\n${text}`;
}

function placeholder({ name, optional, many }: ArgumentRecord): string {
  // Some names already say how they repeat: "[LIBRARY] N".
  const shown = many === true && !name.includes(" ") ? `${name}...` : name;
  return optional === true ? ` [${shown}]` : ` ${shown}`;
}

function optionRow({ flags, summary, required, many, choices, otherwise }: OptionRecord): readonly [string, string] {
  const more = [
    ...(choices === undefined ? [] : [choices.join(", ")]),
    ...(required === true ? ["needed"] : []),
    ...(many === true ? ["may be repeated"] : []),
    ...(otherwise === undefined ? [] : [`otherwise: ${otherwise}`]),
  ];
  return [flags, more.length === 0 ? summary : `${summary} (${more.join("; ")})`];
}

function rows(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function wrapped(paragraph: string): string {
  let line = "";
  const lines: string[] = [];
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > widthColumns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
