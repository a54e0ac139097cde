import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/index.ts";
import { commandReference } from "../../tools/pages/command-reference.ts";
import { manPages } from "../../tools/pages/man-page.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = manPages(commands, { version: "1.2.3" });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "strongroom-manual-"));
  for (const { fileName, text } of pages) writeFileSync(join(folder, fileName), text);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const files = (): readonly string[] => pages.map(({ fileName }) => join(folder, fileName));
const has = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;

describe("the manual", () => {
  it("docs/COMMANDS.md is that of the commands: otherwise run tools/manual --write", () => {
    expect(readFileSync(join(root, "docs/COMMANDS.md"), "utf8")).toBe(commandReference(commands));
  });

  it("has a page of its own for the program and each command, the same every time", () => {
    expect(new Set(pages.map(({ fileName }) => fileName)).size).toBe(commands.length + 1);
    expect(manPages(commands, { version: "1.2.3" })).toEqual(pages);
  });

  it("has everything of a command that its help has", () => {
    for (const [at, { summary, options = [], examples }] of commands.entries()) {
      const bare = pages[at + 1]!.text.replaceAll("\\-", "-").replaceAll("\\(aq", "'").replaceAll("\\e", "\\").replaceAll("\\(ti", "~").replaceAll("\\(ha", "^");
      for (const text of [summary, ...options.map((option) => option.summary), ...examples.map(({ line }) => line)]) expect(bare).toContain(text);
    }
  });

  it.skipIf(!has("mandoc"))("is well-formed for mandoc (not here without it: apt-get install mandoc)", () => {
    const { stdout } = spawnSync("mandoc", ["-T", "lint", "-W", "warning", ...files()], { encoding: "utf8" });
    // No day of making: the same source must give the same pages.
    expect(stdout.split("\n").filter((line) => line !== "" && !line.includes("missing date"))).toEqual([]);
  });

  it.skipIf(!has("groff"))("is well-formed for groff, which man-db uses (not here without it: apt-get install man-db)", () => {
    const { status, stderr } = spawnSync("groff", ["-man", "-Tutf8", "-ww", "-z", ...files()], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it.skipIf(!has("man"))("shows examples at 80 columns as they are typed (not here without man: apt-get install man-db)", () => {
    const shown = spawnSync("man", ["-l", join(folder, "strongroom-volume-verify.1")], { encoding: "utf8", env: { ...process.env, MANWIDTH: "80", LC_ALL: "C.UTF-8", MANPAGER: "cat" } });
    expect(stripVTControlCharacters(shown.stdout)).toContain("strongroom volume verify SR0001L8 --sample 5");
  });
});
