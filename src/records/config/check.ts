import { StrongroomError, printable } from "../../words/index.ts";
import type { Config } from "./contract.ts";
import { type JsonDocument, parseDocument } from "./document.ts";
import { type Problem, brokenRules } from "./rules.ts";
import { type CheckedConfig, type ConfigFile, configSchema } from "./schema.ts";

/** Mistakes told at once: enough to mend a file in one go, few enough to read. */
const toldLimit = 8;

export interface Checked {
  /** As the file says it. */
  readonly file: ConfigFile;
  /** With everything filled in. */
  readonly config: Config;
}

/** Reads a configuration out of its text; `fileName` is what messages call it. */
export function checkText(text: string, fileName: string): Checked {
  const document = parseDocument(text);
  if (!("value" in document)) throw invalid([`${fileName} line ${String(document.line)}: ${document.message}`], fileName);
  const twice = document.keysGivenTwice.map(
    ({ path, line }) => `${fileName} line ${String(line)}: ${keyOf(path)}: the key is there twice`,
  );
  if (twice.length > 0) throw invalid(twice, fileName);
  const parsed = configSchema.safeParse(document.value);
  const problems = parsed.success ? brokenRules(parsed.data) : parsed.error.issues.flatMap(schemaProblems);
  if (!parsed.success || problems.length > 0) {
    throw invalid(
      problems.map((problem) => sentence(problem, document, fileName)),
      fileName,
    );
  }
  return { file: document.value as ConfigFile, config: filledIn(parsed.data) };
}

type Issue = NonNullable<ReturnType<typeof configSchema.safeParse>["error"]>["issues"][number];

function schemaProblems(issue: Issue): readonly Problem[] {
  const path = issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], message: "there is no such setting" }));
  }
  const message = `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
  return [{ path, message }];
}

function sentence(problem: Problem, document: JsonDocument, fileName: string): string {
  return `${fileName} line ${String(document.lineOf(problem.path))}: ${keyOf(problem.path)}: ${printable(problem.message)}`;
}

/** `archives[0].pools[1]`; what is no plain word is quoted. */
function keyOf(path: readonly (string | number)[]): string {
  const parts = path.map((key, index) => {
    if (typeof key === "number") return `[${String(key)}]`;
    const word = /^\w{1,64}$/.test(key) ? key : `"${printable(key.slice(0, 64))}"`;
    return index === 0 ? word : `.${word}`;
  });
  return parts.length === 0 ? "the whole file" : parts.join("");
}

function invalid(sentences: readonly string[], fileName: string): StrongroomError {
  const more = sentences.length - toldLimit;
  const told = [...sentences.slice(0, toldLimit), ...(more > 0 ? [`and ${String(more)} more`] : [])];
  return new StrongroomError("usage", "CONFIG_INVALID", told.join("; "), {
    hint: `mend ${fileName} there and check it: strongroom appliance check`,
  });
}

function filledIn({ appliance, libraries, pools, archives, spool, defaults }: CheckedConfig): Config {
  const { organisation, ...rest } = appliance;
  const { cipher, compression, segmentSizeBytes, verify } = defaults;
  return {
    appliance: { ...rest, ...(organisation === undefined ? {} : { organisation }) },
    libraries,
    pools: pools.map(({ library, folders, blockSizeBytes = defaults.blockSizeBytes, ...pool }) => ({
      ...pool,
      ...(library === undefined ? {} : { library }),
      ...(folders === undefined ? {} : { folders }),
      blockSizeBytes,
    })),
    archives: archives.map((archive) => ({
      name: archive.name,
      sources: archive.sources,
      pools: archive.pools,
      cipher: archive.cipher ?? cipher,
      compression: archive.compression ?? compression,
      segmentSizeBytes: archive.segmentSizeBytes ?? segmentSizeBytes,
      verify: archive.verify ?? verify,
    })),
    spool: { maxBytes: spool.maxBytes, ...(spool.path === undefined ? {} : { path: spool.path }) },
    defaults,
  };
}
