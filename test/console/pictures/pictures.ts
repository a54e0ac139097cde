import { screenLines } from "../../../src/console/frame/index.ts";
import { bindings, keyName } from "../../../src/console/keymap/index.ts";
import { look } from "../../../src/console/picture/index.ts";
import type { ConsoleState } from "../../../src/console/state/index.ts";
import { tongues } from "../../../src/console/tongue/index.ts";
import { consoleScenes } from "./scenes.ts";

const [english] = tongues;
const mark = /^<!-- (keys|screen: ([a-z-]+)) -->\n[^]*?^<!-- end -->$/gm;

/** The manual with every picture and the table of keys made anew between their marks; the rest stays as it is. */
export function withPictures(manual: string): string {
  return manual.replaceAll(mark, (_, what: string, name: string | undefined) => `<!-- ${what} -->\n${name === undefined ? keysTable() : picture(name)}<!-- end -->`);
}

/** The names of the pictures that a manual has, in its order. */
export function picturesIn(manual: string): readonly string[] {
  return [...manual.matchAll(mark)].flatMap(([, , name]) => name ?? []);
}

/** As a terminal of 80x24 shows it, without its colours. */
function picture(name: string): string {
  const scene = consoleScenes[name];
  if (scene === undefined) throw new Error(`the manual has a mark for the picture "${name}", which nobody draws; there are ${Object.keys(consoleScenes).join(", ")}`);
  return `\`\`\`text\n${screenText(scene()).join("\n")}\n\`\`\`\n`;
}

function screenText(state: ConsoleState): readonly string[] {
  return screenLines(state, english!, look("utf8-256")).map((line) => line.map(({ text }) => text).join("").trimEnd());
}

function keysTable(): string {
  const rows = bindings.map(({ keys, text, tooltip }) => `| ${keys.map((key) => `\`${keyName(key)}\``).join(" ")} | ${text(english!)} | ${tooltip(english!)} |\n`);
  return `| key | | what it does |\n|---|---|---|\n${rows.join("")}`;
}
