import type { Command } from "./command.ts";

export const consoleCommand: Command = {
  noun: "console",
  verb: "",
  summary: "the operator's console at this terminal",
  details: "What needs a person, libraries, jobs, archives, cartridges, pools, health and log, with everything that can be done there. "
    + "Jobs run outside of it: closing it, or its crash, stops nothing. Press ? for its keys.",
  options: [
    {
      flags: "--look NAME",
      summary: "what the terminal can show",
      choices: ["utf8-256", "ansi-16", "mono", "ascii"],
      otherwise: "by TERM, the locale and NO_COLOR",
    },
    { flags: "--plain", summary: "numbered menus and lines that stay, for screen readers and terminals that cannot place text" },
    { flags: "--language CODE", summary: "language of its texts", choices: ["en", "de"], otherwise: "by the locale" },
  ],
  examples: [
    { line: "strongroom console", what: "at the terminal in the machine room, over ssh, in tmux" },
    { line: "strongroom console --plain", what: "for a screen reader, or a log of what was done" },
    { line: "strongroom console --look ascii", what: "on a serial line that mangles lines and colours" },
  ],
  async run({ typed, console }) {
    await console({ look: typed.option("--look"), language: typed.option("--language"), isPlain: typed.flag("--plain") });
  },
};
