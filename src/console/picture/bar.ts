import type { Glyphs } from "./look.ts";

/** `█████░░░░░`: a share from 0 to 1 in so many cells. Anything above nothing shows, and only the whole is full. */
export function bar(share: number, cells: number, { full, empty }: Glyphs): string {
  const bounded = Math.min(1, Math.max(0, share));
  let filled = Math.round(bounded * cells);
  if (bounded > 0 && filled === 0) filled = 1;
  if (bounded < 1 && filled === cells) filled = cells - 1;
  return full.repeat(filled) + empty.repeat(cells - filled);
}

/** One cell for each of the latest values, the highest of them as high as a line. */
export function chart(values: readonly number[], cells: number, { levels }: Glyphs): string {
  const shown = values.slice(-cells);
  const most = Math.max(0, ...shown);
  const drawn = shown.map((value) => levels[most === 0 ? 0 : Math.ceil((Math.max(0, value) / most) * (levels.length - 1))]!);
  return levels[0]!.repeat(cells - drawn.length) + drawn.join("");
}

/** `42 %`; the whole is 100 % only when it is whole. */
export function percent(share: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  return `${String(bounded < 1 ? Math.min(99, Math.floor(bounded * 100)) : 100)} %`;
}
