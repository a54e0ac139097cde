import type { Command, OptionRecord } from "../../src/cli/index.ts";
import { globalOptions } from "../../src/cli/index.ts";

/** docs/COMMANDS.md: every command in the order of the help. */
export function commandReference(commands: readonly Command[]): string {
  const nouns = [...new Set(commands.map(({ noun }) => noun))];
  return [
    "# Commands\n\n",
    "Every command with all that it takes, made from the records that parser, help, completion and manual pages are made of: do not edit, run `tools/manual --write`.\n",
    "How answers, errors and exit codes look is in [SCRIPTING.md](SCRIPTING.md), how the work is done in [OPERATING.md](OPERATING.md).\n\n",
    "## Everywhere\n\n",
    options(globalOptions),
    ...nouns.flatMap((noun) => [`\n## ${noun}\n`, ...commands.filter((command) => command.noun === noun).map(commandText)]),
  ].join("");
}

function commandText(command: Command): string {
  const { noun, verb, summary, details = "", arguments: list = [], examples } = command;
  const shown = list.map(({ name, optional, many }) => {
    const text = many === true && !name.includes(" ") ? `${name}...` : name;
    return optional === true ? ` [${text}]` : ` ${text}`;
  });
  return [
    verb === "" ? "\n" : `\n### ${noun} ${verb}\n\n`,
    `\`strongroom ${`${noun} ${verb}`.trim()}${shown.join("")}\`: ${text(summary)}.\n`,
    ...details.split("\n").filter(Boolean).map((paragraph) => `\n${text(paragraph)}${/[.!?]$/.test(paragraph) ? "" : "."}\n`),
    `\n\`\`\`sh\n${examples.map((example) => `# ${example.what}\n${example.line}\n`).join("")}\`\`\`\n`,
    list.length === 0 ? "" : `\n| argument | |\n|---|---|\n${list.map((one) => `| \`${one.name}\` | ${cell(one.summary)} |\n`).join("")}`,
    (command.options ?? []).length === 0 ? "" : `\n${options(command.options ?? [])}`,
  ].join("");
}

function options(records: readonly OptionRecord[]): string {
  return `| option | | otherwise |\n|---|---|---|\n${records.map(optionRow).join("")}`;
}

function optionRow({ flags, summary, required, many, choices, otherwise }: OptionRecord): string {
  const more = [...(choices === undefined ? [] : [choices.map((choice) => `\`${choice}\``).join(", ")]), ...(many === true ? ["may be repeated"] : [])];
  const told = more.length === 0 ? cell(summary) : `${cell(summary)} (${more.join("; ")})`;
  return `| \`${flags}\` | ${told} | ${required === true ? "needed" : cell(otherwise ?? "")} |\n`;
}

function cell(words: string): string {
  return text(words).replaceAll("|", "\\|");
}

/** Words as they are: what Markdown would take for marks is told apart. */
function text(words: string): string {
  return words.replace(/[<>*_]/g, "\\$&");
}
