import { basename, resolve } from "node:path";
import { printable, StrongroomError } from "../../words/index.ts";

/** A source as it was typed: `PATH` or `NAME=PATH`. */
export interface TypedSource {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/**
 * Reads `--source` values. Without a name, the last part of the path becomes one, brought into the form of names (lower case, digits,
 * dashes); where two sources would get the same name, the operator must choose.
 */
export function sources(typed: readonly string[]): readonly TypedSource[] {
  const read = typed.map(source);
  for (const [index, { name, path }] of read.entries()) {
    if (read.findIndex((other) => other.name === name) === index) continue;
    throw new StrongroomError("usage", "SOURCE_TWICE", `two sources would be called ${name}`, {
      hint: `give one a name of its own: --source NAME=${printable(path)}`,
    });
  }
  return read;
}

function source(typed: string): TypedSource {
  const named = /^([a-z0-9][a-z0-9-]{0,62})=(.+)$/s.exec(typed);
  if (named) return { name: named[1]!, path: resolve(named[2]!) };
  const path = resolve(typed);
  const plain = basename(path).normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  const name = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 63);
  return { name: name === "" ? "root" : name, path };
}
