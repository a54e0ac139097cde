import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Command } from "../../../src/cli/commands/index.ts";
import { wantsColour } from "../../../src/cli/frame/colour.ts";
import { complete } from "../../../src/cli/frame/completion.ts";
import { commandHelp } from "../../../src/cli/frame/index.ts";
import { command, run } from "./fake-context.ts";

const init: Command = command(() => undefined, {
  noun: "volume",
  verb: "init",
  summary: "write a label",
  details: "What was on it is lost.",
  arguments: [{ name: "BARCODE", summary: "the cartridge", names: "cartridge" }],
  options: [
    { flags: "--pool NAME", summary: "pool", required: true, names: "pool" },
    { flags: "--kind KIND", summary: "medium", choices: ["tape", "folder"] },
  ],
  examples: [{ line: "strongroom volume init A00001L8 --pool onsite", what: "a new tape" }],
});
const commands = [init, command(() => undefined)];

describe("help", () => {
  it("leads with examples", () => {
    expect(commandHelp(init)).toMatchInlineSnapshot(`
      "Write a label.

      Examples:
        # a new tape
        strongroom volume init A00001L8 --pool onsite

      Usage:
        strongroom volume init BARCODE [options]

      What was on it is lost.

      Arguments:
        BARCODE  the cartridge

      Options:
        --pool NAME  pool (needed)
        --kind KIND  medium (tape, folder)

      Everywhere:
        --state DIR   state folder of the appliance (otherwise: STRONGROOM_STATE, or the system's place)
        --json        print JSON for programs
        --bytes       print exact bytes instead of KiB, MiB, GiB
        --quiet       no progress, no advice
        --no-input    never ask; fail and name the option that is missing
        --color WHEN  when to use colour (auto, always, never)
      "
    `);
  });

  it("is the same by --help and by help, on standard output, with exit code 0", async () => {
    const asked = await run(["help", "volume", "init"], commands);
    expect(await run(["volume", "init", "--help"], commands)).toEqual(asked);
    expect(asked).toEqual({ code: 0, out: commandHelp(init), err: "" });
    expect((await run(["volume", "--help"], commands)).out).toBe((await run(["help", "volume"], commands)).out);
    expect((await run([], commands)).out).toBe((await run(["help"], commands)).out);
    expect((await run(["help", "volume", "--state", "/state", "--no-input"], commands)).out).toBe((await run(["help", "volume"], commands)).out);
    expect((await run(["--version"], commands)).out).toBe("1.2.3\n");
  });

  it("has topics, and the exit codes in full", async () => {
    const { out } = await run(["help", "exit-codes"], commands);
    for (const code of ["0", "1", "2", "3", "4", "5", "6", "7", "8", "10", "70", "128+N"]) expect(out).toMatch(new RegExp(`^ *${code.replace("+", "\\+")}  `, "m"));
    expect((await run(["help", "environment"], commands)).out).toContain("STRONGROOM_STATE");
    expect((await run(["help", "formats"], commands)).out).toContain("path_b64");
  });
});

describe("completion", () => {
  const values = async (...words: string[]) =>
    (await complete(commands, words, (kind) => Promise.resolve(kind === "pool" ? ["onsite", "usb"] : ["A00001L8", "bad\nname"]))).map(({ value }) => value);

  it("walks nouns, verbs, options, choices and live names", async () => {
    expect(await values("vo")).toEqual(["volume"]);
    expect(await values("")).toEqual(["volume", "thing", "completion", "help"]);
    expect(await values("volume", "")).toEqual(["init"]);
    expect(await values("volume", "init", "--p")).toEqual(["--pool"]);
    expect(await values("volume", "init", "--pool", "o")).toEqual(["onsite"]);
    expect(await values("volume", "init", "--kind", "")).toEqual(["tape", "folder"]);
    expect(await values("volume", "init", "--pool", "usb", "")).toEqual(["A00001L8"]);
    expect(await values("volume", "init", "A00001L8", "")).toEqual([]);
    expect(await values("help", "ex")).toEqual(["exit-codes"]);
    expect(await values("completion", "")).toEqual(["bash", "fish", "zsh"]);
    expect(await values("nothing", "at", "all")).toEqual([]);
  });

  it("is silent when there is no appliance", async () => {
    const ran = await run(["__complete", "volume", "init", "--pool", ""], commands, { opened: () => { throw new Error("none"); } });
    expect(ran).toEqual({ code: 0, out: "", err: "" });
    expect((await run(["__complete", "volume", "in"], commands)).out).toBe("init\twrite a label\n");
  });

  it("prints scripts that their shell can read and that ask the program", async () => {
    for (const shell of ["bash", "fish", "zsh"]) expect((await run(["completion", shell], commands)).out).toContain("__complete");
    const { out } = await run(["completion", "bash"], commands);
    const program = "strongroom() { printf 'init\\tone\\nin it\\ttwo\\n'; printf '%s|' \"$@\" >&2; }";
    const ask = 'COMP_WORDS=(strongroom volume in); COMP_CWORD=2; _strongroom; printf "%s\\n" "${COMPREPLY[@]}"';
    const bash = spawnSync("bash", ["--norc", "-c", `${program}\n${out}\n${ask}`], { encoding: "utf8" });
    expect(bash.stdout).toBe("init\nin\\ it\n");
    expect((await run(["completion", "tcsh"], commands)).code).toBe(2);
  });
});

describe("colour", () => {
  it.each([
    ["auto", {}, true, true],
    ["auto", {}, false, false],
    ["auto", { NO_COLOR: "1", CLICOLOR_FORCE: "1" }, true, false],
    ["auto", { NO_COLOR: "" }, true, true],
    ["auto", { CLICOLOR_FORCE: "1" }, false, true],
    ["auto", { CLICOLOR_FORCE: "0" }, false, false],
    ["auto", { TERM: "dumb" }, true, false],
    ["auto", { CLICOLOR: "0" }, true, false],
    ["always", { NO_COLOR: "1" }, false, true],
    ["never", { CLICOLOR_FORCE: "1" }, true, false],
  ] as const)("%s with %j on a terminal: %s → %s", (choice, environment, isTty, wanted) => {
    expect(wantsColour(choice, environment, isTty)).toBe(wanted);
  });
});
