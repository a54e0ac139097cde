import { StrongroomError } from "../../words/index.ts";

/** Whether a path (bytes, relative, without leading slash) is to be left out; `directory` tells what the entry is. */
export type Exclusion = (path: Uint8Array, directory: boolean) => boolean;

const patternCharactersMax = 4096;

/**
 * Patterns as in a .gitignore file, without negation:
 * - `*` any characters but `/`, `?` one of them, `[abc]`, `[a-z]`, `[!a]` one of a set, `**` any number of whole components
 * - a pattern with a slash at its beginning or inside is matched from the source's root, any other at every depth
 * - a slash at the end: directories only. What is below an excluded directory is excluded with it.
 * - `\` takes the next character as it stands.
 * Matching is by bytes, so that names in any encoding can be excluded; a non-ASCII character in a set stands for its bytes.
 *
 * @throws StrongroomError EXCLUDE_PATTERN
 */
export function compileExclusion(patterns: readonly string[]): Exclusion {
  const tests = patterns.map(compile);
  return (path, directory) => {
    const text = Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString("latin1");
    return tests.some(({ expression, directoriesOnly }) => (directory || !directoriesOnly) && expression.test(text));
  };
}

function compile(pattern: string): { readonly expression: RegExp; readonly directoriesOnly: boolean } {
  if (pattern === "" || pattern.length > patternCharactersMax || pattern.includes("\0")) throw refused(pattern);
  const directoriesOnly = pattern.endsWith("/") && pattern !== "/";
  const trimmed = directoriesOnly ? pattern.slice(0, -1) : pattern;
  const anchored = trimmed.includes("/");
  const bytes = Buffer.from(trimmed.startsWith("/") ? trimmed.slice(1) : trimmed).toString("latin1");
  try {
    // The letter s: a newline is a character of a name like any other.
    return { expression: new RegExp(`${anchored ? "^" : "(?:^|/)"}${expressionOf(bytes)}$`, "s"), directoriesOnly };
  } catch {
    throw refused(pattern);
  }
}

function expressionOf(pattern: string): string {
  let text = "";
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    // Runs of ** are one, or a hostile pattern could take exponential time.
    const stars = /^(?:\*\*\/)+/.exec(rest)?.[0] ?? /^\*+/.exec(rest)?.[0];
    const set = /^\[(!?)(\]?[^\]]*)\]/.exec(rest);
    if (stars !== undefined) {
      if (stars.endsWith("/")) text += "(?:[^/]*/)*";
      else text += stars.length > 1 ? ".*" : "[^/]*";
      at += stars.length;
    } else if (set) {
      text += `(?!/)[${set[1] === "!" ? "^" : ""}${set[2]!.replace(/[\\\]^]/g, "\\$&")}]`;
      at += set[0].length;
    } else if (rest.startsWith("\\") && rest.length > 1) {
      text += literal(rest[1]!);
      at += 2;
    } else {
      text += rest.startsWith("?") ? "[^/]" : literal(rest[0]!);
      at += 1;
    }
  }
  return text;
}

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");

function refused(pattern: string): StrongroomError {
  return new StrongroomError(
    "usage",
    "EXCLUDE_PATTERN",
    `the exclude pattern ${JSON.stringify(pattern.slice(0, 80))} cannot be understood`,
    {
      hint: "use *, ?, [a-z] and ** as in a .gitignore file",
    },
  );
}
