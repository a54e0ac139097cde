import { formatBytes, printable, printableSentence, rfc3339 } from "../../words/index.ts";

/** How quantities are put into words: IEC units, or exact bytes where --bytes was given. */
export interface Units {
  bytes(sizeBytes: number): string;
}

export const iecUnits: Units = { bytes: formatBytes };
export const exactUnits: Units = { bytes: String };

/** One column of a table of `Row`s. Cells are plain text, made safe already where they hold names from outside. */
export interface Column<Row> {
  readonly title: string;
  /** Numbers are aligned on the right. */
  readonly right?: boolean;
  cell(row: Row, units: Units): string;
}

/** One fact of a show: `label: value`. Facts with an undefined value are left out. */
export type Fact = readonly [label: string, value: string | undefined];

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], units: Units): TextTable {
  return {
    titles: columns.map(({ title }) => title),
    right: columns.map(({ right }) => right ?? false),
    rows: rows.map((row) => columns.map((column) => column.cell(row, units))),
  };
}

/** A table in words, ready for the printer. */
export interface TextTable {
  readonly titles: readonly string[];
  readonly right: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
}

export function count(amount: number): string {
  return String(amount);
}

/** `1 volume`, `3 volumes`. */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${String(amount)} ${amount === 1 ? one : many}`;
}

export function time(timeMs: number | undefined): string {
  return timeMs === undefined ? "-" : rfc3339(timeMs);
}

/** What was said, in which names are safe already. */
export function sentence(text: string | undefined): string {
  return text === undefined || text.length === 0 ? "-" : printableSentence(text);
}

export function name(text: Uint8Array | string | undefined): string {
  return text === undefined || text.length === 0 ? "-" : printable(text);
}
