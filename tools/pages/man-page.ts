import type { ArgumentRecord, Command, OptionRecord } from "../../src/cli/index.ts";
import { globalOptions, topics } from "../../src/cli/index.ts";

export interface ManPage {
  /** `strongroom-volume-init.1`. */
  readonly fileName: string;
  readonly text: string;
}

/** What stands in the header of a page: made from the version, never from the day, so that the same source gives the same pages. */
export interface Edition {
  readonly version: string;
}

/** One page for the program and one for each command, as man(7) has them, in English. */
export function manPages(commands: readonly Command[], edition: Edition): readonly ManPage[] {
  return [programPage(commands, edition), ...commands.map((command) => commandPage(command, edition))];
}

export function pageName({ noun, verb }: Command): string {
  return ["strongroom", noun, verb].filter((word) => word !== "").join("-");
}

function programPage(commands: readonly Command[], edition: Edition): ManPage {
  return page("strongroom", edition, [
    section("NAME", [plain("strongroom - archives trees of files to encrypted, signed volumes on tape and disk")]),
    section("SYNOPSIS", [".B strongroom", "\\fINOUN\\fR [\\fIVERB\\fR] [\\fIargument\\fR ...] [\\fIoption\\fR ...]"]),
    section("DESCRIPTION", [
      plain("Takes trees of files in, seals them into encrypted, signed, self-describing volumes, and gives them back. Whoever has the media and the recovery key needs "
        + "gpg, zstd and tar alone. Each command has a page of its own; strongroom help tells the same at the terminal."),
    ]),
    section("COMMANDS", commands.flatMap((command) => item(`\\fB${escaped(pageName(command))}\\fR(1)`, command.summary))),
    section("OPTIONS", globalOptions.flatMap(optionItem)),
    ...topics.map(({ name, text }) => section(name.toUpperCase().replaceAll("-", " "), [".nf", ...text.trimEnd().split("\n").map(plain), ".fi"])),
    section("FILES", [
      ...item("\\fI/var/lib/strongroom\\fR", "the state folder where root or the appliance's own user works; ~/.local/state/strongroom otherwise"),
    ]),
  ]);
}

function commandPage(command: Command, edition: Edition): ManPage {
  const words = `strongroom ${command.noun} ${command.verb}`.trim();
  const required = (command.options ?? []).filter((option) => option.required === true).map(({ flags }) => ` ${flagText(flags)}`).join("");
  return page(pageName(command), edition, [
    section("NAME", [plain(`${pageName(command)} - ${command.summary}`)]),
    section("SYNOPSIS", [`.B ${escaped(words)}`, `${(command.arguments ?? []).map(argumentText).join(" ")}${required} [\\fIoption\\fR ...]`.trim()]),
    section("DESCRIPTION", [plain(`${capital(command.summary)}.`), ...(command.details ?? "").split("\n").filter(Boolean).flatMap((text) => [".PP", plain(text)])]),
    section("ARGUMENTS", (command.arguments ?? []).flatMap(({ name, summary }) => item(`\\fI${escaped(name)}\\fR`, summary))),
    section("OPTIONS", [...optionItems(command.options ?? []), plain("Options of every command are in strongroom(1).")]),
    section("EXAMPLES", command.examples.flatMap(({ line, what }, at) => [...(at === 0 ? [] : [".PP"]), plain(`${capital(what)}:`), ".PP", ".nf", ".RS 4", plain(line), ".RE", ".fi"])),
    section("EXIT STATUS", [plain("As strongroom(1) has them under EXIT CODES. Codes in brackets in messages are told by strongroom explain CODE.")]),
    section("SEE ALSO", ["\\fBstrongroom\\fR(1)"]),
  ]);
}

function page(name: string, { version }: Edition, sections: readonly string[]): ManPage {
  const head = `.TH ${escaped(name).toUpperCase()} 1 "" "Strongroom ${escaped(version)}" "Strongroom"\n.nh\n.ad l\n`;
  return { fileName: `${name}.1`, text: head + sections.filter((text) => text !== "").join("") };
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `.SH ${title}\n${lines.join("\n")}\n`;
}

/** With the paragraph that ends the list, where there is one. */
function optionItems(options: readonly OptionRecord[]): readonly string[] {
  return options.length === 0 ? [] : [...options.flatMap(optionItem), ".PP"];
}

function optionItem({ flags, summary, required, many, choices, otherwise }: OptionRecord): readonly string[] {
  const more = [
    ...(choices === undefined ? [] : [`one of ${choices.join(", ")}`]),
    ...(required === true ? ["needed"] : []),
    ...(many === true ? ["may be repeated"] : []),
    ...(otherwise === undefined ? [] : [`otherwise: ${otherwise}`]),
  ];
  return item(flagText(flags), more.length === 0 ? summary : `${summary} (${more.join("; ")})`);
}

function item(tag: string, text: string): readonly string[] {
  return [".TP", tag, plain(text)];
}

function flagText(flags: string): string {
  const [flag = "", ...value] = flags.split(" ");
  return value.length === 0 ? `\\fB${escaped(flag)}\\fR` : `\\fB${escaped(flag)}\\fR \\fI${escaped(value.join(" "))}\\fR`;
}

function argumentText({ name, optional, many }: ArgumentRecord): string {
  const shown = `\\fI${escaped(name)}\\fR${many === true && !name.includes(" ") ? " ..." : ""}`;
  return optional === true ? `[${shown}]` : shown;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** A line of text that no formatter takes for anything else: a dot or a quote at its beginning would be a request. */
function plain(text: string): string {
  const line = escaped(text);
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

/** Hyphens stay what was typed, so that lines can be copied from the page; the rest by groff_char(7). */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq").replaceAll("`", "\\(ga").replaceAll("^", "\\(ha").replaceAll("~", "\\(ti")
    .replaceAll("\u2026", "...");
}
