import { StringDecoder } from "node:string_decoder";
import { z } from "zod";
import { StrongroomError } from "../../words/index.ts";
import { maxTextLineBytes } from "./limits.ts";

/** Splits a text of lines that comes in pieces of any size. A line longer than any of ours throws `CATALOG_WRONG`. */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  push(bytes: Uint8Array): readonly string[] {
    const lines = (this.#rest + this.#decoder.write(bytes)).split("\n");
    this.#rest = lines.pop()!;
    if (this.#rest.length > maxTextLineBytes) throw lineWrong("a line is too long");
    return lines;
  }

  /** The last line, when it had no newline. */
  finish(): readonly string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = "";
    return rest === "" ? [] : [rest];
  }
}

/** One JSON line, checked. */
export function parseLine<T>(line: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    throw lineWrong("a line is not JSON", error);
  }
  const checked = schema.safeParse(json);
  if (!checked.success) throw lineWrong(z.prettifyError(checked.error));
  return checked.data;
}

/**
 * Bytes under `key` as text where they are UTF-8, else as base64 under `key_b64`, so that every name survives and most can be
 * searched.
 */
export function nameFields(key: string, bytes: Uint8Array): Record<string, string> {
  try {
    return { [key]: strictUtf8.decode(bytes) };
  } catch {
    return { [`${key}_b64`]: Buffer.from(bytes).toString("base64") };
  }
}

export function bytesOfName(text: string | undefined, base64: string | undefined): Uint8Array | undefined {
  if (text !== undefined) return Buffer.from(text);
  return base64 === undefined ? undefined : Buffer.from(base64, "base64");
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function lineWrong(why: string, cause?: unknown): StrongroomError {
  return new StrongroomError("mismatch", "CATALOG_WRONG", `a catalog or log of a volume cannot be used: ${why}; the segments `
    + "are not concerned", {
    hint: "use the catalog of another copy, or restore from the segments",
    cause,
  });
}
