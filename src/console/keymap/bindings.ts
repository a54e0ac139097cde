import type { ConsoleState } from "../state/index.ts";
import { viewIds } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";

/** What a key asks for, before anybody knows whether it can be had. */
export type Intent =
  | "up" | "down" | "pageUp" | "pageDown" | "first" | "last" | "open" | "back" | "nextView" | "previousView" | "filter" | "command" | "help" | "refresh" | "redraw"
  | "mute" | "mark" | "menu" | "detail" | "subject" | "takeOut" | "bringIn" | "confirm" | "quit" | "save" | { readonly view: (typeof viewIds)[number] };

export interface Binding {
  /** Names of `input/keys.ts`; the first is the one that is told. */
  readonly keys: readonly string[];
  readonly intent: Intent;
  readonly text: (words: Tongue) => string;
  readonly tooltip: (words: Tongue) => string;
  /** In the footer, if there is room; the lower the earlier. */
  readonly footer?: number;
  /** Why it does nothing now. */
  readonly refused?: (state: ConsoleState, words: Tongue) => string | undefined;
}

type Plain = Exclude<Intent, { readonly view: unknown }>;

function binding(intent: Plain, keys: readonly string[], footer?: number): Binding {
  return { keys, intent, text: (words) => words.keys[intent].text, tooltip: (words) => words.keys[intent].tooltip, ...(footer === undefined ? {} : { footer }) };
}

/**
 * Every key of the console outside of its dialogs. The footer, the help and the manual are made from this list. No letter destroys anything: what
 * changes something is in the menu that Enter opens, and Escape only ever goes back.
 */
export const bindings: readonly Binding[] = [
  binding("up", ["up", "k"]),
  binding("down", ["down", "j"]),
  binding("pageUp", ["pageup", "ctrl-b"]),
  binding("pageDown", ["pagedown", "ctrl-f"]),
  binding("first", ["home", "<"]),
  binding("last", ["end", ">"]),
  binding("open", ["enter", "right"], 1),
  binding("menu", ["a"]),
  binding("detail", ["d"]),
  binding("mark", [" "]),
  binding("takeOut", ["o"]),
  binding("bringIn", ["i"]),
  binding("confirm", ["f10"]),
  binding("back", ["escape", "left"]),
  binding("nextView", ["tab"], 2),
  binding("previousView", ["shift-tab"]),
  ...viewIds.map((id, at): Binding => ({
    keys: [String(at + 1)],
    intent: { view: id },
    text: (words) => words.views[id].title,
    tooltip: (words) => words.views[id].summary,
  })),
  binding("filter", ["/"], 3),
  binding("command", [":"], 4),
  binding("refresh", ["R"]),
  binding("redraw", ["ctrl-l"]),
  binding("mute", ["m"]),
  binding("save", ["ctrl-s"]),
  binding("help", ["?"], 0),
  binding("subject", ["f1"]),
  binding("quit", ["q", "ctrl-c"], 5),
];

export function bindingOf(key: string): Binding | undefined {
  return bindings.find(({ keys }) => keys.includes(key));
}

const keyNames: Readonly<Record<string, string>> = {
  up: "Up", down: "Down", left: "Left", right: "Right", pageup: "PgUp", pagedown: "PgDn", home: "Home", end: "End", enter: "Enter", escape: "Esc", tab: "Tab",
  "shift-tab": "Shift-Tab", " ": "Space",
};

/** As it stands on the keyboard: never translated. */
export function keyName(key: string): string {
  const control = /^ctrl-(.)$/.exec(key)?.[1];
  if (control !== undefined) return `Ctrl-${control.toUpperCase()}`;
  return keyNames[key] ?? (/^f\d+$/.test(key) ? key.toUpperCase() : key);
}
