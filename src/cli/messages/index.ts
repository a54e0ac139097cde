import { readFileSync } from "node:fs";
import type { ErrorKind } from "../../words/index.ts";
import { writtenMeanings } from "./written.ts";

/** What the program means by one of its codes. */
export interface CodeMeaning {
  readonly code: string;
  readonly meaning: string | undefined;
  /** What follows for data and for the request, by the kinds of failure that carry the code. */
  readonly safe: readonly string[];
  readonly advice: string | undefined;
  /** How it is said: names in capitals stand for what changes, "…" for what has no name. */
  readonly said: readonly SaidSentence[];
}

export interface SaidSentence {
  readonly text: string;
  readonly hint?: string;
}

interface SaidCode {
  readonly kinds: readonly string[];
  readonly said: readonly SaidSentence[];
}

/** What a kind of failure says about what is safe. Kinds are those of `StrongroomError`. */
const safeByKind: Readonly<Record<ErrorKind, string>> = {
  failed: "the work was not done, or not to its end; what was recorded as done before is safe",
  usage: "the request was refused before anything was done",
  incomplete: "the work is done but for what was left out, which is named",
  operator: "the work stands until somebody does what is asked; what was recorded as done before is safe",
  busy: "nothing was done: somebody else holds what is needed",
  denied: "nothing was done: it is not permitted",
  mismatch: "data was compared and not trusted: nothing of it was passed off as good",
  temporary: "the same request may succeed later; what was recorded as done before is safe",
  missing: "what was named does not exist; nothing was changed",
  internal: "this is a mistake of the program; what is sealed and placed is not affected",
};

let saidCodes: Readonly<Record<string, SaidCode>> | undefined;

/** Read when first asked for: no other command needs it. */
function said(): Readonly<Record<string, SaidCode>> {
  saidCodes ??= JSON.parse(readFileSync(new URL("said-codes.json", import.meta.url), "utf8")) as Readonly<Record<string, SaidCode>>;
  return saidCodes;
}

/** Every code that `codeMeaning` knows, sorted. */
export function knownCodes(): readonly string[] {
  return [...new Set([...Object.keys(said()), ...Object.keys(writtenMeanings)])].sort();
}

/** Undefined for what is no code of this program. */
export function codeMeaning(code: string): CodeMeaning | undefined {
  const found = Object.hasOwn(said(), code) ? said()[code] : undefined;
  const written = Object.hasOwn(writtenMeanings, code) ? writtenMeanings[code] : undefined;
  if (found === undefined && written === undefined) return undefined;
  const sentences = found?.said ?? [];
  return {
    code,
    meaning: written?.meaning,
    safe: (found?.kinds ?? []).map((kind) => safeByKind[kind as ErrorKind]),
    advice: written?.advice,
    said: sentences,
  };
}
