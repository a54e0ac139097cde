import jsonc from "jsonc-parser";
import type { Node, ParseError } from "jsonc-parser";

/** A JSON text whose values can be found again in it. */
export interface JsonDocument {
  readonly value: unknown;
  /** Line, from 1, of the value at that path; where there is none, of the nearest one around it. */
  lineOf(path: readonly (string | number)[]): number;
  /** Keys that an object has twice: JSON.parse would silently take the last one. */
  readonly keysGivenTwice: readonly { readonly path: readonly (string | number)[]; readonly line: number }[];
}

export interface JsonMistake {
  readonly line: number;
  readonly message: string;
}

/** Strict JSON (RFC 8259): no comments, no trailing commas. */
export function parseDocument(text: string): JsonDocument | JsonMistake {
  const errors: ParseError[] = [];
  const options = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };
  const root = nestsTooDeep(text) ? undefined : jsonc.parseTree(text, errors, options);
  const first = errors[0];
  if (first !== undefined) return { line: lineAt(text, first.offset), message: mistakes[first.error] ?? "not JSON" };
  if (root === undefined) return { line: 1, message: "nested too deep" };
  return {
    value: jsonc.getNodeValue(root) as unknown,
    lineOf: (path) => lineAt(text, nearest(root, path).offset),
    keysGivenTwice: [...keysGivenTwice(root, [])].map(({ path, offset }) => ({ path, line: lineAt(text, offset) })),
  };
}

/** The parser calls itself for each level; the configuration has five. */
const deepestNesting = 50;

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length && depth <= deepestNesting; at += 1) {
    const character = text[at]!;
    if (isText && character === "\\") at += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && "{[".includes(character)) depth += 1;
    else if (!isText && "}]".includes(character)) depth -= 1;
  }
  return depth > deepestNesting;
}

function nearest(root: Node, path: readonly (string | number)[]): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const found = jsonc.findNodeAtLocation(root, path.slice(0, length));
    if (found !== undefined) return found;
  }
  return root;
}

function* keysGivenTwice(
  node: Node,
  path: readonly (string | number)[],
): Generator<{ path: readonly (string | number)[]; offset: number }> {
  const seen = new Set<unknown>();
  for (const [index, child] of (node.children ?? []).entries()) {
    if (node.type === "array") yield* keysGivenTwice(child, [...path, index]);
    if (child.type !== "property") continue;
    const [key, value] = child.children ?? [];
    const name = String(key?.value);
    if (seen.has(name)) yield { path: [...path, name], offset: child.offset };
    seen.add(name);
    if (value !== undefined) yield* keysGivenTwice(value, [...path, name]);
  }
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** By jsonc.ParseErrorCode. */
const mistakes: Readonly<Partial<Record<number, string>>> = {
  1: "this is not a JSON value",
  2: "a number is written wrongly",
  3: "a key in double quotes belongs here",
  4: "a value belongs here",
  5: "a colon belongs here",
  6: "a comma belongs here, or one is too many",
  7: "a closing brace belongs here",
  8: "a closing bracket belongs here",
  9: "something follows the end",
  10: "comments are not allowed",
  11: "a comment does not end",
  12: "a text does not end",
  13: "a number does not end",
  14: "an escape with \\u needs four hexadecimal digits",
  15: "this escape does not exist",
  16: "a control character must be escaped",
};
