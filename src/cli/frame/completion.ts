import type { Command, NameKind, OptionRecord } from "../commands/index.ts";
import { printable } from "../../words/index.ts";
import { globalOptions } from "./globals.ts";
import { topics } from "./topics.ts";

/** Names that exist now. Completion never fails for want of them: an appliance that cannot be opened has none. */
export type LiveNames = (kind: NameKind) => Promise<readonly string[]>;

export interface Candidate {
  readonly value: string;
  readonly summary: string;
}

export const shells = ["bash", "fish", "zsh"] as const;

/** What may stand in place of the last of `words`, which is what was typed of it so far. */
export async function complete(commands: readonly Command[], words: readonly string[], names: LiveNames): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const candidates = await candidatesAfter(commands, before, typed, names);
  return candidates.filter(({ value }) => value.startsWith(typed));
}

async function candidatesAfter(commands: readonly Command[], before: readonly string[], typed: string, names: LiveNames) {
  const [noun, verb] = before;
  if (noun === undefined) return nounCandidates(commands);
  if (noun === "completion") return shells.map((value) => ({ value, summary: "" }));
  if (noun === "help") return before.length === 1 ? helpCandidates(commands) : verbCandidates(commands, verb);
  const alone = commands.find((one) => one.noun === noun && one.verb === "");
  if (alone !== undefined) return withinCommand(alone, before.slice(1), typed, names);
  if (verb === undefined) return verbCandidates(commands, noun);
  const command = commands.find((one) => one.noun === noun && one.verb === verb);
  return command === undefined ? [] : withinCommand(command, before.slice(2), typed, names);
}

async function withinCommand(command: Command, rest: readonly string[], typed: string, names: LiveNames) {
  const options = [...(command.options ?? []), ...globalOptions];
  const last = options.find((option) => longFlag(option) === rest.at(-1));
  if (last !== undefined && takesValue(last)) return valuesOf(last.choices, last.names, names);
  if (typed.startsWith("-")) return options.map((option) => ({ value: longFlag(option), summary: option.summary }));
  const list = command.arguments ?? [];
  const position = positionOf(rest, options);
  const argument = list[position] ?? (list.at(-1)?.many === true ? list.at(-1) : undefined);
  return argument === undefined ? [] : valuesOf(undefined, argument.names, names);
}

/** How many arguments stand before: options and their values are not counted. */
function positionOf(rest: readonly string[], options: readonly OptionRecord[]): number {
  let position = 0;
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at]!;
    const option = options.find((one) => longFlag(one) === word);
    if (option !== undefined && takesValue(option)) at += 1;
    else if (!word.startsWith("-")) position += 1;
  }
  return position;
}

async function valuesOf(choices: readonly string[] | undefined, kind: NameKind | undefined, names: LiveNames): Promise<readonly Candidate[]> {
  const values = choices ?? (kind === undefined ? [] : await names(kind));
  // A name that would need escaping cannot be typed as it is printed; offering it would complete to something else.
  return values.filter((value) => printable(value) === value).map((value) => ({ value, summary: "" }));
}

function nounCandidates(commands: readonly Command[]): readonly Candidate[] {
  const nouns = [...new Set(commands.map(({ noun }) => noun))].map((value) => ({ value, summary: "" }));
  return [...nouns, { value: "completion", summary: "print a completion script" }, { value: "help", summary: "help on a command or topic" }];
}

function verbCandidates(commands: readonly Command[], noun: string | undefined): readonly Candidate[] {
  return commands.filter((command) => command.noun === noun).map(({ verb, summary }) => ({ value: verb, summary }));
}

function helpCandidates(commands: readonly Command[]): readonly Candidate[] {
  return [...nounCandidates(commands), ...topics.map(({ name, summary }) => ({ value: name, summary }))];
}

export function longFlag({ flags }: OptionRecord): string {
  return flags.split(" ", 1)[0]!;
}

export function takesValue({ flags }: OptionRecord): boolean {
  return flags.includes(" ");
}
