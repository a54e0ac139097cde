import Table from "cli-table3";
import type { Fact, TextTable } from "../views/index.ts";

const plain = {
  "top": "", "top-mid": "", "top-left": "", "top-right": "",
  "bottom": "", "bottom-mid": "", "bottom-left": "", "bottom-right": "",
  "left": "", "left-mid": "", "mid": "", "mid-mid": "", "right": "", "right-mid": "",
  "middle": "  ",
};

/** Columns aligned by what a terminal shows (wide characters count two), two spaces between, no frame, one row a line. */
export function textTable(table: TextTable): string {
  const colAligns = table.right.map((right) => (right ? ("right" as const) : ("left" as const)));
  return lines([table.titles.map((title) => title.toUpperCase()), ...table.rows], colAligns);
}

export function textFacts(facts: readonly Fact[]): string {
  return lines(
    facts.flatMap(([label, value]) => (value === undefined ? [] : [[`${label}:`, value]])),
    ["left", "left"],
  );
}

function lines(rows: readonly (readonly string[])[], colAligns: ("left" | "right")[]): string {
  if (rows.length === 0) return "";
  const layout = new Table({ chars: plain, style: { "padding-left": 0, "padding-right": 0, head: [], border: [] }, colAligns });
  layout.push(...rows.map((row) => [...row]));
  // Padding of the last column is nothing that anybody wants to copy.
  return `${layout.toString().split("\n").map((line) => line.trimEnd()).join("\n")}\n`;
}
