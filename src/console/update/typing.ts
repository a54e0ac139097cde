import { characters } from "../picture/index.ts";

/** More than any path that a kernel takes. */
const maxCharacters = 4096;

/** A line of text after a key: one character more, one less, or none at all (Ctrl-U). Other keys leave it as it is. */
export function edited(text: string, key: string): string {
  if (key === "backspace") return characters(text).slice(0, -1).join("");
  if (key === "ctrl-u") return "";
  if (key === "ctrl-w") return text.trimEnd().replace(/\S+$/, "");
  return characters(key).length === 1 && text.length < maxCharacters ? text + key : text;
}

/** Words as a shell would take them, of quotes and backslashes alone: nothing is expanded. Undefined where a quote is left open. */
export function wordsOf(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  const typed = characters(line);
  for (let at = 0; at < typed.length; at += 1) {
    const character = typed[at]!;
    if (character === "\\" && quote !== "'") word = (word ?? "") + (typed[++at] ?? "");
    else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === "'" || character === "\"") {
      quote = character;
      word ??= "";
    } else if (character === " ") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
