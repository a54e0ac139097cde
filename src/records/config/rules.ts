import type { CheckedConfig } from "./schema.ts";

/** A mistake in the configuration: where, and what is wrong there. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What no single value can tell: names that are given twice or refer to nothing, settings that do not go together. */
export function brokenRules(config: CheckedConfig): readonly Problem[] {
  return [
    ...givenTwice(["libraries"], config.libraries, "library"),
    ...givenTwice(["pools"], config.pools, "pool"),
    ...givenTwice(["archives"], config.archives, "archive"),
    ...config.libraries.flatMap((library, index) => libraryProblems(library, index)),
    ...config.pools.flatMap((pool, index) => poolProblems(config, pool, index)),
    ...scannerProblems(config),
    ...config.archives.flatMap((archive, index) => archiveProblems(config, archive, index)),
  ];
}

function libraryProblems(library: CheckedConfig["libraries"][number], index: number): readonly Problem[] {
  if (library.kind !== "iscsi") return [];
  const units = [library.changerLun, ...library.driveLuns];
  if (new Set(units).size === units.length) return [];
  return [{ path: ["libraries", index, "driveLuns"], message: "the changer and each drive have a logical unit of their own" }];
}

function poolProblems(config: CheckedConfig, pool: CheckedConfig["pools"][number], index: number): readonly Problem[] {
  const at = ["pools", index];
  if (pool.kind === "folder") {
    return pool.library === undefined ? [] : [{ path: [...at, "library"], message: "a folder pool is in no library" }];
  }
  const problems: Problem[] = [];
  if (pool.folders !== undefined) problems.push({ path: [...at, "folders"], message: "a tape pool has no folders" });
  if (pool.library === undefined) problems.push({ path: at, message: "a tape pool needs a library" });
  else if (!config.libraries.some((library) => library.name === pool.library)) {
    problems.push({ path: [...at, "library"], message: `no library is called "${pool.library}"` });
  }
  return problems;
}

function archiveProblems(config: CheckedConfig, archive: CheckedConfig["archives"][number], index: number): readonly Problem[] {
  const at = ["archives", index];
  const problems = [...givenTwice([...at, "sources"], archive.sources, "source")];
  for (const [position, pool] of archive.pools.entries()) {
    const path = [...at, "pools", position];
    if (!config.pools.some((known) => known.name === pool)) problems.push({ path, message: `no pool is called "${pool}"` });
    if (archive.pools.indexOf(pool) < position) {
      problems.push({ path, message: `pool "${pool}" is named twice: one copy in each pool` });
    }
  }
  const segmentSizeBytes = archive.segmentSizeBytes ?? config.defaults.segmentSizeBytes;
  if (segmentSizeBytes > config.spool.maxBytes) {
    const path = archive.segmentSizeBytes === undefined ? at : [...at, "segmentSizeBytes"];
    problems.push({ path, message: "a segment must fit into the spool (spool.maxBytes)" });
  }
  return problems;
}

function scannerProblems({ console: { scanners } }: CheckedConfig): readonly Problem[] {
  const isSecond = ({ path }: { readonly path: string }, index: number): boolean => scanners.findIndex((other) => other.path === path) < index;
  return scanners.flatMap((scanner, index) => (isSecond(scanner, index) ? [{ path: ["console", "scanners", index, "path"], message: "a second scanner has that path" }] : []));
}

function givenTwice(
  at: readonly (string | number)[],
  items: readonly { readonly name: string }[],
  what: string,
): readonly Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const [index, { name }] of items.entries()) {
    if (seen.has(name)) problems.push({ path: [...at, index, "name"], message: `a second ${what} is called "${name}"` });
    seen.add(name);
  }
  return problems;
}
