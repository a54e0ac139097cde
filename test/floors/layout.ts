import { posix } from "node:path";
import { type Finding, importsOf, type SourceFile } from "./source.ts";

/** Lowest first, as docs/ARCHITECTURE.md draws them. */
export const floors = [
  "words",
  "scsi",
  "transports",
  "devices",
  "formats",
  "records",
  "media",
  "sources",
  "work",
  "jobs",
  "operations",
  "console",
  "cli",
  "main",
] as const;

/** A file imports only from its own floor and from below. */
export function upwardImports(files: readonly SourceFile[]): readonly Finding[] {
  return relativeImports(files, (file, target, line) => {
    if (target.startsWith("test/") && !file.path.startsWith("test/")) return finding(file, line, `imports the test ${target}`);
    if (file.path.startsWith("simulator/")) {
      const allowed = /^(simulator|src\/scsi|src\/words)\//.test(target);
      return allowed ? undefined : finding(file, line, `the simulator may import src/scsi and src/words only, not ${target}`);
    }
    if (!file.path.startsWith("src/")) return undefined;
    // The simulator stands beside the house; only where concrete parts are chosen may it be named.
    if (target.startsWith("simulator/")) {
      return file.path.startsWith("src/main/") ? undefined : finding(file, line, "only src/main may import the simulator");
    }
    const from = floorOf(file.path);
    const to = floorOf(target);
    if (from === -1 || to === -1) return finding(file, line, `${from === -1 ? file.path : target} is on no known floor`);
    return to > from ? finding(file, line, `${file.path} imports upwards: ${target}`) : undefined;
  });
}

/** Kinds of device know nothing of each other. */
export function deviceSiblings(files: readonly SourceFile[]): readonly Finding[] {
  return relativeImports(files, (file, target, line) => {
    const from = /^src\/devices\/([^/]+)\//.exec(file.path)?.[1];
    const to = /^src\/devices\/([^/]+)\//.exec(target)?.[1];
    return from !== undefined && to !== undefined && from !== to ? finding(file, line, `device imports its sibling ${to}`) : undefined;
  });
}

/** The outermost folder that has an index.ts is entered through it; tests may look inside. */
export function sideDoors(files: readonly SourceFile[]): readonly Finding[] {
  const paths = new Set(files.map((file) => file.path));
  return relativeImports(files, (file, target, line) => {
    if (!/^(src|simulator|tools)\//.test(file.path) || !/^(src|simulator)\//.test(target)) return undefined;
    const door = doorOf(file.path, target, paths);
    if (door === undefined || door === target) return undefined;
    return finding(file, line, `${target} is entered by ${door} only`);
  });
}

/** Folders form no cycle. A folder and the folders in it are one room with alcoves, not two rooms. */
export function folderCycles(files: readonly SourceFile[]): readonly Finding[] {
  const graph = new Map<string, Set<string>>();
  relativeImports(files, (file, target) => {
    const from = posix.dirname(file.path);
    const to = posix.dirname(target);
    const nested = from === to || `${from}/`.startsWith(`${to}/`) || `${to}/`.startsWith(`${from}/`);
    if (!nested && file.path.startsWith("src/")) graph.set(from, (graph.get(from) ?? new Set()).add(to));
    return undefined;
  });
  const findings: Finding[] = [];
  const done = new Set<string>();
  const walk = (folder: string, way: readonly string[]) => {
    const at = way.indexOf(folder);
    if (at !== -1) {
      findings.push({ path: folder, line: 1, what: `cycle of folders: ${[...way.slice(at), folder].join(" → ")}` });
      return;
    }
    if (done.has(folder)) return;
    for (const next of graph.get(folder) ?? []) walk(next, [...way, folder]);
    done.add(folder);
  };
  for (const folder of graph.keys()) walk(folder, []);
  return findings;
}

function doorOf(from: string, target: string, paths: ReadonlySet<string>): string | undefined {
  const steps = posix.dirname(target).split("/");
  const own = posix.dirname(from).split("/");
  let shared = 0;
  while (shared < steps.length && steps[shared] === own[shared]) shared += 1;
  if (shared === steps.length) return undefined;
  for (let depth = shared + 1; depth <= steps.length; depth += 1) {
    const door = `${steps.slice(0, depth).join("/")}/index.ts`;
    if (paths.has(door)) return door;
  }
  return `${steps.join("/")}/index.ts`;
}

function floorOf(path: string): number {
  return (floors as readonly string[]).indexOf(path.split("/")[1] ?? "");
}

type Judge = (file: SourceFile, target: string, line: number) => Finding | undefined;

function relativeImports(files: readonly SourceFile[], judge: Judge): readonly Finding[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap(({ target, line }) => (target === undefined ? [] : (judge(file, target, line) ?? []))),
  );
}

function finding(file: SourceFile, line: number, what: string): Finding {
  return { path: file.path, line, what };
}
