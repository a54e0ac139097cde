import { describe, expect, it } from "vitest";
import { commands } from "../../../src/cli/commands/index.ts";
import { strongroom } from "../command-line.ts";

const named = commands.map((command) => [`${command.noun} ${command.verb}`.trim(), command] as const);

describe("every command", () => {
  it.each(named)("%s: help leads with examples and is as it was agreed", async (name, { noun, verb }) => {
    const ran = await strongroom([noun, verb, "--help"].filter(Boolean));
    expect(ran).toMatchObject({ code: 0, err: "", seen: [] });
    expect(ran.out.indexOf("Examples:")).toBeLessThan(ran.out.indexOf("Usage:"));
    await expect(ran.out).toMatchFileSnapshot(`help/${name.replace(" ", "-")}.txt`);
  });

  it.each(named)("%s: is told apart, in one line without a full stop", (name, { summary, examples }) => {
    expect(summary).toMatch(/^[a-z].*[^.\s]$/);
    expect(examples.length).toBeGreaterThan(0);
    for (const { line } of examples) expect(line).toContain(`strongroom ${name}`);
  });

  it("has a name of its own", () => {
    expect(new Set(named.map(([name]) => name)).size).toBe(commands.length);
  });

  it.each(named)("%s: its examples are command lines that it takes", async (_name, { noun, examples }) => {
    for (const { line } of examples) {
      const ran = await strongroom(wordsOf(line), { answers: ["secret", "secret", "SR0001L8"] });
      expect(ran.err, line).not.toMatch(/\[(USAGE|UNDECLARED|UNEXPECTED|ARGUMENTS_INVALID)\]/);
      // Codes are explained without an appliance, which may be what cannot be opened.
      if (noun === "explain") expect(ran).toMatchObject({ code: 0, seen: [] });
      else expect(ran.seen.length, line).toBeGreaterThan(0);
    }
  });
});

/** The words of an example as a shell would split them, as far as a pipe or a redirection. */
function wordsOf(line: string): readonly string[] {
  const command = line.replace(/ (\||\d<).*$/, "").replace(/--passphrase-(fd|file) \S+/, "");
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? "").slice(1);
}
