import { fit, fitLine, type Glyphs, type Line, line, span, type Style } from "../picture/index.ts";
import { type Column, type Row, type WholeScene, selectedAt, shownRows, view } from "../views/index.ts";

/** Between two columns. */
const gap = 1;
/** Below so many cells for the column that takes what is left, columns of the highest rank go. */
const leastRest = 24;

/** The lines above the list, its head, its rows and the detail of the selected one, in exactly that many rows. */
export function listArea(scene: WholeScene, columns: number, rowCount: number, glyphs: Glyphs): readonly Line[] {
  const shown = view(scene.state.view);
  const above = (shown.above?.(scene) ?? []).slice(0, 3).map((one) => fitLine(one, columns, glyphs.cut));
  const rows = shownRows(scene);
  const place = scene.state.places[scene.state.view];
  const at = selectedAt(rows, place);
  if (at === undefined) return filled([...above, [], fitLine(line(`  ${shown.empty(scene.words)}`, "dim"), columns, glyphs.cut)], columns, rowCount, glyphs);
  const detail = detailArea(rows[at]!, columns, detailRows(rowCount - above.length), glyphs);
  const listRows = Math.max(1, rowCount - above.length - 1 - detail.length);
  const kept = keptColumns(shown.columns(scene.words, scene.state), columns);
  const head = fitLine([span(rowText(kept, (column) => column.title, columns, glyphs), "dim")], columns, glyphs.cut);
  const top = topOf(at, rows.length, listRows);
  const body = rows.slice(top, top + listRows).map((row, offset) => rowLine(row, kept, columns, top + offset === at, glyphs));
  return filled([...filled([...above, head, ...body], columns, rowCount - detail.length, glyphs), ...detail], columns, rowCount, glyphs);
}

/** The selected row stays in the middle, but at both ends of the list. */
function topOf(at: number, count: number, rows: number): number {
  return Math.max(0, Math.min(at - Math.floor(rows / 2), count - rows));
}

interface KeptColumn {
  readonly column: Column;
  /** Its place in the row's cells. */
  readonly at: number;
}

function keptColumns(all: readonly Column[], columns: number): readonly KeptColumn[] {
  let kept = all.map((column, at) => ({ column, at }));
  const fixed = (): number => kept.reduce((sum, { column }) => sum + column.cells + gap, 0);
  while (columns - fixed() < leastRest) {
    const highest = Math.max(...kept.map(({ column }) => column.rank));
    if (highest === 0) break;
    kept = kept.filter(({ column }) => column.rank < highest);
  }
  return kept;
}

function rowText(kept: readonly KeptColumn[], text: (column: Column, at: number) => string, columns: number, glyphs: Glyphs): string {
  const fixed = kept.reduce((sum, { column }) => sum + column.cells + gap, 0);
  const rest = Math.max(1, columns - fixed);
  return kept.map(({ column, at }) => fit(text(column, at), column.cells === 0 ? rest : column.cells, glyphs.cut, column.right === true ? "right" : "left")).join(" ".repeat(gap));
}

/** The selected row is in reverse video where there are no colours; grades have their words. */
function rowLine(row: Row, kept: readonly KeptColumn[], columns: number, isSelected: boolean, glyphs: Glyphs): Line {
  const text = rowText(kept, (_, at) => row.cells[at] ?? "", columns, glyphs);
  const style: Style = isSelected ? "selected" : row.style;
  return fitLine([span(text, style)], columns, glyphs.cut, style);
}

function detailRows(rows: number): number {
  if (rows < 12) return 0;
  return Math.min(14, Math.floor(rows / 3));
}

function detailArea(row: Row, columns: number, rows: number, glyphs: Glyphs): readonly Line[] {
  if (rows < 3 || row.detail.length === 0) return [];
  const rule = line(glyphs.horizontal.repeat(columns), "dim");
  return [rule, ...row.detail.slice(0, rows - 1).map((one) => fitLine([span(" "), ...one], columns, glyphs.cut))];
}

function filled(lines: readonly Line[], columns: number, rows: number, glyphs: Glyphs): readonly Line[] {
  const whole = lines.slice(0, rows).map((one) => fitLine(one, columns, glyphs.cut));
  while (whole.length < rows) whole.push(fitLine([], columns, glyphs.cut));
  return whole;
}
