import { characters } from "../picture/index.ts";

/** A key as blessed tells of it. */
export interface RawKey {
  readonly name?: string;
  readonly full?: string;
  readonly ctrl?: boolean;
  readonly shift?: boolean;
}

const named: Readonly<Record<string, string>> = {
  up: "up", down: "down", left: "left", right: "right", pageup: "pageup", pagedown: "pagedown", home: "home", end: "end", enter: "enter", linefeed: "enter",
  escape: "escape", backspace: "backspace", delete: "delete", tab: "tab",
};

/** Undefined for what has no meaning here. One press of Enter comes twice, as `return` and as `enter`: only the latter counts. */
export function keyOf(character: string | undefined, key: RawKey): string | undefined {
  const { name = "", full = "" } = key;
  if (name === "return") return undefined;
  if (name === "tab" && key.shift === true) return "shift-tab";
  if (named[name] !== undefined) return named[name];
  if (/^f([1-9]|1[0-2])$/.test(name)) return name;
  const control = /^C-([a-z])$/.exec(full)?.[1];
  if (control !== undefined) return control === "h" ? "backspace" : control === "i" ? "tab" : `ctrl-${control}`;
  return character !== undefined && isPrintable(character) ? character : undefined;
}

function isPrintable(character: string): boolean {
  return !/\p{C}/u.test(character) && characters(character).length === 1;
}
