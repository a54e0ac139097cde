import { badEndings, type CaseResult, type Ending, type Family } from "./contract.ts";

export interface EndedCase extends CaseResult {
  readonly id: string;
  readonly row: string;
}

/** How much there is. */
export interface InAll {
  readonly cases: number;
  readonly rows: number;
}

const columns: readonly Ending[] = ["ok", "not met", ...badEndings];

export function isBad({ ending }: CaseResult): boolean {
  return ending !== "ok" && ending !== "not met";
}

/** One table for a family: its rows, how many cases ended how, and how many there are in all. */
export function tableOf(family: Family, ended: readonly EndedCase[], inAll: InAll): string {
  const rows = [...new Set(ended.map(({ row }) => row))].sort();
  const width = Math.max(family.name.length, 3, ...rows.map((row) => row.length));
  const inputs = ended.reduce((sum, one) => sum + (one.inputs ?? 0), 0);
  const line = (name: string, of: readonly EndedCase[]): string =>
    `| ${name.padEnd(width)} | ${columns.map((column) => String(of.filter(({ ending }) => ending === column).length).padStart(column.length)).join(" | ")} |`;
  return [
    `${family.name}: ${family.about}; ${String(ended.length)} of ${String(inAll.cases)} cases, ${String(rows.length)} of ${String(inAll.rows)} rows${inputs > 0 ? `, ${String(inputs)} inputs` : ""}`,
    `| ${family.name.padEnd(width)} | ${columns.join(" | ")} |`,
    `|${"-".repeat(width + 2)}|${columns.map((column) => `${"-".repeat(column.length + 1)}:`).join("|")}|`,
    ...rows.map((row) => line(row, ended.filter((one) => one.row === row))),
    line("all", ended),
  ].join("\n");
}

export function badCase({ id, ending, told }: EndedCase): string {
  return `${ending}: ${id}\n  ${told.replaceAll("\n", "\n  ")}\n  again with: tools/campaign --case '${id}'`;
}

/** The last line: `N ok, N not met, N silent loss, …`. */
export function countsOf(ended: readonly EndedCase[]): string {
  return columns.map((column) => `${String(ended.filter(({ ending }) => ending === column).length)} ${column}`).join(", ");
}
