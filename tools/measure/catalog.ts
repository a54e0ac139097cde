import { statSync } from "node:fs";
import { join } from "node:path";
import { type ArchiveRecord, type Catalog, type NewEntry, openCatalog, openStore } from "../../src/records/index.ts";

export interface CatalogFigures {
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** Of the whole database with all indices, beyond the bytes of the paths themselves. */
  readonly bytesPerRow: number;
  readonly averagePathBytes: number;
  /** Until the first hundred hits: the slowest of several searches. */
  readonly findNameMs: number;
  readonly findPrefixMs: number;
  /** A name that nothing bears, through a pattern that no index helps with: the worst case. */
  readonly findNothingMs: number;
  /** One directory after the other over the whole tree: what an incremental walk asks. */
  readonly childrenRowsPerSecond: number;
}

const rowsPerSegment = 10_000;
const hits = 100;

/**
 * Fills a catalog in `folder` with a made-up tree, as the sealing of segments does, and searches it. Leaves the database
 * there.
 */
export function benchCatalog(request: { readonly rows: number; readonly folder: string }): CatalogFigures {
  const path = join(request.folder, "strongroom.db");
  const store = openStore(path);
  const catalog = openCatalog(store);
  const archive = catalog.createArchive("bench", "00000000-0000-4000-8000-000000000000");
  const filled = fill(catalog, archive, request.rows);
  const searched = search(catalog, archive, filled.sample);
  store.close();
  return {
    rows: filled.rows,
    rowsPerSecond: Math.round(filled.rows / filled.seconds),
    bytesPerRow: Math.round(((statSync(path).size - filled.pathBytes) / filled.rows) * 10) / 10,
    averagePathBytes: Math.round((filled.pathBytes / filled.rows) * 10) / 10,
    ...searched,
  };
}

function fill(catalog: Catalog, archive: ArchiveRecord, rows: number) {
  const snapshot = catalog.openSnapshot(archive, 0, undefined);
  const count = Math.ceil(rows / rowsPerSegment);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  catalog.planSegments(
    snapshot,
    numbers.map((number) => ({ number, plannedBytes: 2 ** 32, plan: `lines ${String(number)}` })),
  );
  const tree = madeUpTree();
  let seconds = 0;
  let pathBytes = 0;
  let sample: Uint8Array = new Uint8Array(0);
  for (const segment of catalog.segments(snapshot)) {
    const entries: NewEntry[] = [];
    while (entries.length < rowsPerSegment) {
      const entry = tree.next().value;
      entries.push(entry);
      pathBytes += entry.path.length;
    }
    if (segment.number === Math.ceil(count / 2)) sample = entries.at(-1)!.path;
    const started = performance.now();
    catalog.addSealedSegment(segment.id, sealedFacts, entries);
    seconds += (performance.now() - started) / 1000;
  }
  const started = performance.now();
  const nothing = { contentBytes: 0, newContentBytes: 0, sealedBytes: 0, troubledEntries: 0 };
  catalog.completeSnapshot(snapshot, 1, { ...nothing, entries: count * rowsPerSegment, newEntries: count * rowsPerSegment });
  seconds += (performance.now() - started) / 1000;
  return { rows: count * rowsPerSegment, seconds, pathBytes, sample };
}

const sealedFacts = {
  sealedBytes: 2 ** 32,
  sealedSha256: "0".repeat(64),
  tarBytes: 2 ** 32,
  firstMemberOffset: 0,
  sealedAtMs: 0,
};

function search(catalog: Catalog, archive: ArchiveRecord, sample: Uint8Array) {
  const start = sample.lastIndexOf(0x2f) + 1;
  const slowest = (patterns: readonly Uint8Array[], find: Catalog["findName"]): number =>
    Math.max(...patterns.map((pattern) => milliseconds(() => [...find(pattern, { limit: hits })].length)));
  const names = [sample.subarray(start), ...["index.js", "README.md", "IMG_1*.jpg", "*.json", "no such name"].map(bytes)];
  const prefixes = [
    sample.subarray(0, sample.length - 2),
    sample.subarray(0, 20),
    ...["home/", "srv/data/no such folder", ""].map(bytes),
  ];
  const findNameMs = slowest(names, (pattern, options) => catalog.findName(pattern, options));
  const findPrefixMs = slowest(prefixes, (prefix, options) => catalog.findPrefix(prefix, options));
  const findNothingMs = slowest([bytes("*.no such ending")], (pattern, options) => catalog.findName(pattern, options));
  return { findNameMs, findPrefixMs, findNothingMs, childrenRowsPerSecond: walkRate(catalog, archive) };
}

function walkRate(catalog: Catalog, archive: ArchiveRecord): number {
  const started = performance.now();
  let seen = 0;
  const pending: Uint8Array[] = [bytes(".")];
  for (let directory = pending.pop(); directory !== undefined && seen < 1_000_000; directory = pending.pop()) {
    const children = catalog.children(archive, 1, directory);
    seen += children.length;
    for (const child of children) if (child.type === "directory") pending.push(child.path);
  }
  return Math.round(seen / ((performance.now() - started) / 1000));
}

function milliseconds(action: () => unknown): number {
  const started = performance.now();
  action();
  return Math.round((performance.now() - started) * 100) / 100;
}

/**
 * An endless tree in the order of a walk: three to eight levels, a dozen files a directory, names as people and programs give
 * them: some of them thousands of times, some only once.
 */
function* madeUpTree(): Generator<NewEntry, never> {
  const random = seeded(0x5eed);
  yield madeUpEntry(".", "directory", random);
  const tops = ["home", "srv/data", "usr/share", "var/lib"];
  for (const top of new Set(tops.flatMap((path) => [path.split("/")[0]!, path]))) yield madeUpEntry(top, "directory", random);
  for (let project = 0; ; project += 1) {
    const top = tops[project % tops.length]!;
    yield* madeUpFolder(`${top}/${pick(words, random)}-${String(project)}`, 2, random);
  }
}

function* madeUpFolder(path: string, depth: number, random: () => number): Generator<NewEntry> {
  yield madeUpEntry(path, "directory", random);
  const files = 4 + Math.floor(random() * 16);
  for (let file = 0; file < files; file += 1) {
    yield madeUpEntry(`${path}/${String(file).padStart(2, "0")}${fileName(random)}`, "file", random);
  }
  if (random() < 0.5) yield madeUpEntry(`${path}/index.js`, "file", random);
  if (random() < 0.3) yield madeUpEntry(`${path}/package.json`, "file", random);
  const folders = depth >= 7 ? 0 : Math.floor(random() * 3.5) - (depth > 4 ? 1 : 0);
  for (let folder = 0; folder < folders; folder += 1) {
    yield* madeUpFolder(`${path}/${pick(words, random)}${String(folder)}`, depth + 1, random);
  }
  if (random() < 0.3) yield madeUpEntry(`${path}/README.md`, "file", random);
}

const words = [
  "src",
  "lib",
  "docs",
  "photos",
  "2024",
  "invoices",
  "node_modules",
  "letters",
  "scans",
  "music",
  "test",
  "images",
  "backup",
];
const endings = [".ts", ".js", ".json", ".pdf", ".md", ".txt", ".png", ".xml"];

function fileName(random: () => number): string {
  if (random() < 0.4) return `IMG_${String(Math.floor(random() * 10_000_000))}.jpg`;
  return `-${pick(words, random)}-${pick(words, random)}${pick(endings, random)}`;
}

function madeUpEntry(path: string, type: "file" | "directory", random: () => number): NewEntry {
  const sizeBytes = type === "file" ? Math.floor(random() ** 6 * 2 ** 28) : 0;
  const mtimeNs = BigInt(Math.floor(random() * 8e8) + 9e8) * 1_000_000_000n + BigInt(Math.floor(random() * 1e9));
  const facts = {
    path: bytes(path),
    type,
    mode: 0o644,
    uid: 1000,
    gid: 1000,
    sizeBytes,
    mtimeNs,
    ctimeNs: mtimeNs + 77n,
  } as const;
  const inode = BigInt(Math.floor(random() * 2 ** 32));
  if (type === "directory") return { ...facts, inode, condition: "intact" };
  const sha256 = new Uint8Array(32).map(() => random() * 256);
  return { ...facts, inode, condition: "intact", piece: { offsetBytes: 0, lengthBytes: sizeBytes, sha256 } };
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)]!;
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

/** mulberry32: the same tree every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
