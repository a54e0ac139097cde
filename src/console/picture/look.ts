import type { Style } from "./line.ts";

/** What a terminal can show, from the most to the least. */
export const lookNames = ["utf8-256", "ansi-16", "mono", "ascii"] as const;
export type LookName = (typeof lookNames)[number];

/** How one style is painted. Colours are numbers of the palette of 256; undefined is the terminal's own. */
export interface Paint {
  readonly foreground?: number;
  readonly background?: number;
  readonly bold?: true;
  readonly reverse?: true;
  readonly underline?: true;
}

export interface Glyphs {
  readonly horizontal: string;
  readonly vertical: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  readonly cut: string;
  readonly full: string;
  readonly empty: string;
  /** From nothing to full, for charts of one line. */
  readonly levels: readonly string[];
  readonly arrow: string;
}

export interface Look {
  readonly name: LookName;
  /** Letters beyond ASCII would be mangled, so none may be drawn. */
  readonly isAscii: boolean;
  readonly glyphs: Glyphs;
  paint(style: Style): Paint;
}

const lines: Glyphs = {
  horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘",
  cut: "…", full: "█", empty: "░", levels: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], arrow: "→",
};

const plain: Glyphs = {
  horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
  cut: "~", full: "#", empty: ".", levels: [" ", ".", ":", "-", "=", "+", "*", "#", "@"], arrow: "->",
};

type Paints = Readonly<Record<Style, Paint>>;

/** Without colour, state is in words and in reverse video; nothing is told by colour alone. */
const mono: Paints = {
  plain: {}, dim: {}, strong: { bold: true }, title: { bold: true }, selected: { reverse: true }, ok: {}, note: {},
  warn: { bold: true }, err: { bold: true }, fatal: { bold: true, reverse: true }, key: { bold: true }, bar: {}, alarm: { bold: true, reverse: true },
};

const sixteen: Paints = {
  ...mono,
  dim: { foreground: 7 },
  title: { foreground: 6, bold: true },
  ok: { foreground: 2 },
  note: { foreground: 6 },
  warn: { foreground: 3, bold: true },
  err: { foreground: 1, bold: true },
  fatal: { foreground: 7, background: 1, bold: true },
  key: { foreground: 3, bold: true },
  bar: { foreground: 6 },
  alarm: { foreground: 7, background: 1, bold: true },
};

const many: Paints = {
  ...sixteen,
  dim: { foreground: 245 },
  title: { foreground: 81, bold: true },
  selected: { foreground: 231, background: 25 },
  ok: { foreground: 78 },
  note: { foreground: 117 },
  warn: { foreground: 221, bold: true },
  err: { foreground: 203, bold: true },
  fatal: { foreground: 231, background: 160, bold: true },
  key: { foreground: 215, bold: true },
  bar: { foreground: 74 },
  alarm: { foreground: 231, background: 160, bold: true },
};

const looks: Readonly<Record<LookName, Look>> = {
  "utf8-256": { name: "utf8-256", isAscii: false, glyphs: lines, paint: (style) => many[style] },
  "ansi-16": { name: "ansi-16", isAscii: true, glyphs: plain, paint: (style) => sixteen[style] },
  mono: { name: "mono", isAscii: false, glyphs: lines, paint: (style) => mono[style] },
  ascii: { name: "ascii", isAscii: true, glyphs: plain, paint: (style) => mono[style] },
};

export function look(name: LookName): Look {
  return looks[name];
}

/** What the environment says of the terminal: TERM, COLORTERM, the locale, NO_COLOR (no-color.org). */
export function lookOf(environment: Readonly<Record<string, string | undefined>>): LookName {
  const term = environment["TERM"] ?? "";
  const isUtf8 = /utf-?8/i.test([environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].find((one) => one !== undefined && one !== "") ?? "");
  const noColour = (environment["NO_COLOR"] ?? "") !== "";
  if (/^(vt|dumb|ansi-m)/.test(term)) return "ascii";
  if (noColour) return isUtf8 ? "mono" : "ascii";
  if (isUtf8 && (/256color|kitty|alacritty|direct/.test(term) || (environment["COLORTERM"] ?? "") !== "")) return "utf8-256";
  return "ansi-16";
}
