import { StrongroomError, printable } from "../../words/index.ts";
import type { Config, LibraryConfig } from "./contract.ts";
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

/** Reads a configuration out of its text; `fileName` is what messages call it, undefined: a change that is not written yet. */
export function checkText(text: string, fileName: string | undefined): Checked {
  const document = parseDocument(text);
  if (!("value" in document)) throw invalid([placed(fileName, document.line, document.message)], fileName);
  const twice = document.keysGivenTwice.map(
    ({ path, line }) => placed(fileName, line, `${keyOf(path)}: the key is there twice`),
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

function sentence(problem: Problem, document: JsonDocument, fileName: string | undefined): string {
  // Whoever makes a change knows which library, pool or archive it is about, but not its number in the file.
  const path = fileName === undefined && typeof problem.path[1] === "number" ? problem.path.slice(2) : problem.path;
  return placed(fileName, document.lineOf(problem.path), `${keyOf(path)}: ${printable(problem.message)}`);
}

function placed(fileName: string | undefined, line: number, text: string): string {
  return fileName === undefined ? text : `${fileName} line ${String(line)}: ${text}`;
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

function invalid(sentences: readonly string[], fileName: string | undefined): StrongroomError {
  const more = sentences.length - toldLimit;
  const told = [...sentences.slice(0, toldLimit), ...(more > 0 ? [`and ${String(more)} more`] : [])];
  if (fileName === undefined) {
    return new StrongroomError("usage", "CONFIG_INVALID", `${told.join("; ")}; nothing was changed`, { hint: "give another value" });
  }
  return new StrongroomError("usage", "CONFIG_INVALID", told.join("; "), {
    hint: `mend ${fileName} there and check it: strongroom appliance check`,
  });
}

function filledIn({ appliance, libraries, pools, archives, spool, defaults, console, notify }: CheckedConfig): Config {
  const { organisation, ...rest } = appliance;
  const { cipher, compression, segmentSizeBytes, verify } = defaults;
  return {
    appliance: { ...rest, ...(organisation === undefined ? {} : { organisation }) },
    libraries: libraries.map((library) => filledInLibrary(library, appliance.uuid)),
    pools: pools.map(({ library, folders, verifyEveryDays, blockSizeBytes = defaults.blockSizeBytes, ...pool }) => ({
      ...pool,
      ...(library === undefined ? {} : { library }),
      ...(folders === undefined ? {} : { folders }),
      ...(verifyEveryDays === undefined ? {} : { verifyEveryDays }),
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
    spool: {
      maxBytes: spool.maxBytes,
      ...(spool.path === undefined ? {} : { path: spool.path }),
      ...(spool.startBytes === undefined ? {} : { startBytes: spool.startBytes }),
      ...(spool.unsyncedBytes === undefined ? {} : { unsyncedBytes: spool.unsyncedBytes }),
    },
    defaults,
    console,
    ...(notify === undefined ? {} : { notify }),
  };
}

type CheckedLibrary = CheckedConfig["libraries"][number];
type WithoutCleaning<Library> = Library extends unknown ? Omit<Library, "cleaning"> : never;

function filledInLibrary({ cleaning, ...library }: CheckedLibrary, applianceUuid: string): LibraryConfig {
  const filledIn = filledInKind(library, applianceUuid);
  return cleaning === undefined ? filledIn : { ...filledIn, cleaning };
}

function filledInKind(library: WithoutCleaning<CheckedLibrary>, applianceUuid: string): LibraryConfig {
  switch (library.kind) {
    case "simulator":
      return library;
    case "sg": {
      const { drives, ...rest } = library;
      return { ...rest, ...(drives === undefined ? {} : { drives }) };
    }
    case "iscsi": {
      const { initiator = initiatorName(applianceUuid), chap, ...rest } = library;
      if (chap === undefined) return { ...rest, initiator };
      const { target, ...account } = chap;
      return { ...rest, initiator, chap: { ...account, ...(target === undefined ? {} : { target }) } };
    }
  }
}

/** A name that is ours alone without owning a domain: NAA 3h, locally assigned, the rest out of the appliance's UUID (RFC 3980; SPC-5, 7.7.6.6). */
export function initiatorName(applianceUuid: string): string {
  return `naa.3${applianceUuid.replaceAll("-", "").slice(0, 15)}`;
}
