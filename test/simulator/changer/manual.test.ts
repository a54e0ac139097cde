import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { layouts, quirks } from "../../../simulator/index.ts";

const manual = readFileSync(new URL("../../../docs/SIMULATOR.md", import.meta.url), "utf8");

function rowsOf(heading: string): readonly string[] {
  const section = manual.split(`\n### ${heading}\n`)[1]?.split("\n#")[0] ?? "";
  return section.split("\n").filter((line) => line.startsWith("| `"));
}

it("the manual has every layout with its addresses, and no other", () => {
  const expected = Object.entries(layouts).map(([name, { firstAddresses: { transport, mailSlot, drive, slot }, because }]) =>
    `| \`${name}\` | ${String(transport)} | ${String(mailSlot)} | ${String(drive)} | ${String(slot)} | ${because} |`);
  expect(rowsOf("Layouts")).toEqual(expected);
});

it("the manual has every habit in the words of the program, and no other", () => {
  expect(rowsOf("Habits")).toEqual(Object.entries(quirks).map(([name, what]) => `| \`${name}\` | ${what} |`));
});
