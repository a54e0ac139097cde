import { printable, StrongroomError } from "../../words/index.ts";
import type { Command } from "../commands/index.ts";
import { complete, type LiveNames, shells } from "./completion.ts";
import { completionScripts } from "./completion-scripts.ts";
import { commandHelp, nounHelp, rootHelp } from "./help.ts";
import { topics } from "./topics.ts";

type Write = (text: string) => void;

/** `help …`, `completion SHELL` and the hidden `__complete WORD…`, which need no appliance and no noun. False when it is none of them. */
export async function builtIn(argv: readonly string[], commands: readonly Command[], names: LiveNames, write: Write): Promise<boolean> {
  const [word, ...rest] = argv;
  if (word === "__complete") {
    // A shell must never wait or show an error because an appliance cannot be opened.
    const careful: LiveNames = (kind) => names(kind).catch(() => []);
    for (const { value, summary } of await complete(commands, rest, careful)) write(`${value}\t${summary}\n`);
    return true;
  }
  if (word === undefined || (word === "help" && withoutOptions(rest).length === 0)) write(rootHelp(commands));
  else if (word === "help") write(helpOn(withoutOptions(rest), commands));
  else if (word === "completion") write(completionHelp(rest));
  else return false;
  return true;
}

/** The options of everywhere change nothing about help, and whoever calls commands for somebody adds them to each. */
function withoutOptions(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => word.startsWith("-"));
  return first === -1 ? words : words.slice(0, first);
}

function helpOn([subject = "", verb]: readonly string[], commands: readonly Command[]): string {
  const topic = topics.find(({ name }) => name === subject);
  if (topic !== undefined && verb === undefined) return topic.text;
  const command = commands.find((one) => one.noun === subject && one.verb === (verb ?? ""));
  if (command !== undefined) return commandHelp(command);
  if (verb === undefined && commands.some(({ noun }) => noun === subject)) return nounHelp(subject, commands);
  const asked = printable([subject, ...(verb === undefined ? [] : [verb])].join(" "));
  throw new StrongroomError("usage", "HELP_UNKNOWN", `there is no help on ${asked}`, { hint: "strongroom help lists commands and topics" });
}

function completionHelp([shell, more]: readonly string[]): string {
  const known = shells.find((name) => name === shell);
  if (known !== undefined && more === undefined) return completionScripts[known];
  if (shell === "--help" || shell === "-h") return `Prints a completion script for a shell.\n\nUsage:\n  strongroom completion ${shells.join("|")}\n`;
  throw new StrongroomError("usage", "USAGE", "completion takes the name of one shell", { hint: `name one of: ${shells.join(", ")}` });
}
