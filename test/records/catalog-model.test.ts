import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ArchiveRecord, type Catalog, type FoundEntry, type NewEntry, openCatalog } from "../../src/records/index.ts";
import { bytes, newEntry, noTotals, sealedFacts, text } from "../conformance/catalog-samples.ts";
import { temporaryStore } from "./temporary.ts";

/** What a catalog should answer, in the plainest way: every version of every path in one list. */
interface Version {
  readonly path: string;
  readonly stamp: bigint;
  readonly first: number;
  gone: number | undefined;
}

interface Step {
  readonly touched: readonly { readonly path: string; readonly isRemoved: boolean }[];
  readonly segments: number;
  readonly shuffle: readonly number[];
  readonly isAbandoned: boolean;
}

const component = fc.constantFrom("a", "b", "ab", "a.", "+", "-", "A", "\xff", "\xff\xff", "*", "[x]", "\n");
const path = fc.oneof(
  { weight: 1, arbitrary: fc.constant(".") },
  {
    weight: 9,
    arbitrary: fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
  },
);
const step: fc.Arbitrary<Step> = fc.record({
  touched: fc.uniqueArray(fc.record({ path, isRemoved: fc.boolean() }), { maxLength: 12, selector: (touch) => touch.path }),
  segments: fc.integer({ min: 1, max: 3 }),
  shuffle: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
  isAbandoned: fc.boolean(),
});

describe("snapshot visibility", () => {
  it("agrees with a list of versions, whatever was added, changed, removed and abandoned", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        const { store, close } = temporaryStore();
        try {
          compareWithModel(openCatalog(store), steps);
        } finally {
          close();
        }
      }),
      { numRuns: 60 },
    );
  });
});

function compareWithModel(catalog: Catalog, steps: readonly Step[]): void {
  const archive = catalog.createArchive("model", "4d3c0b5e-0000-4000-8000-000000000001");
  // A second archive that holds the same paths: nothing of it may ever be seen in the first.
  const other = catalog.createArchive("other", "4d3c0b5e-0000-4000-8000-000000000002");
  const versions: Version[] = [];
  let complete = 0;
  const kept: number[] = [];
  let stamp = 0n;
  for (const [index, taken] of steps.entries()) {
    // Abandoned numbers are not given again.
    const number = index + 1;
    const result = apply(catalog, archive, taken, versions, complete, number, stamp);
    stamp += 100n;
    if (index === 0) apply(catalog, other, taken, [], 0, 1, 9000n);
    if (taken.isAbandoned) continue;
    complete = number;
    kept.push(number);
    versions.splice(0, versions.length, ...result);
  }
  for (const number of kept) compareSnapshot(catalog, archive, versions, number);
  compareSearches(catalog, archive, versions);
}

function apply(
  catalog: Catalog,
  archive: ArchiveRecord,
  taken: Step,
  before: readonly Version[],
  base: number,
  number: number,
  stamp: bigint,
): Version[] {
  const after = before.map((version) => ({ ...version }));
  const snapshot = catalog.openSnapshot(archive, 1, base === 0 ? undefined : base);
  const gone: number[] = [];
  const added: NewEntry[] = [];
  for (const { path: touched, isRemoved } of taken.touched) {
    const old = after.find((version) => version.path === touched && version.gone === undefined);
    if (old !== undefined) {
      old.gone = number;
      gone.push([...catalog.history(archive, bytes(touched))].at(-1)!.id);
    }
    if (isRemoved) continue;
    const inode = stamp + BigInt(added.length);
    added.push(newEntry(touched, { inode }));
    after.push({ path: touched, stamp: inode, first: number, gone: undefined });
  }
  catalog.markGone(snapshot, gone);
  seal(catalog, snapshot, taken, added);
  if (taken.isAbandoned) catalog.abandonSnapshot(snapshot);
  else catalog.completeSnapshot(snapshot, 2, noTotals);
  return after;
}

function seal(catalog: Catalog, snapshot: ReturnType<Catalog["openSnapshot"]>, taken: Step, added: readonly NewEntry[]): void {
  const numbers = Array.from({ length: taken.segments }, (_, index) => index + 1);
  catalog.planSegments(
    snapshot,
    numbers.map((number) => ({ number, plannedBytes: 1, plan: "" })),
  );
  const segments = [...catalog.segments(snapshot)].sort((a, b) => taken.shuffle[a.number - 1]! - taken.shuffle[b.number - 1]!);
  for (const segment of segments) {
    const rows = added.filter((_, index) => index % taken.segments === segment.number - 1);
    catalog.addSealedSegment(segment.id, sealedFacts, rows);
  }
}

function compareSnapshot(catalog: Catalog, archive: ArchiveRecord, versions: readonly Version[], number: number): void {
  const visible = versions.filter((version) => version.first <= number && (version.gone === undefined || version.gone > number));
  const expected = visible.map((version) => [version.path, version.stamp] as const).sort(([a], [b]) => compareTrees(a, b));
  const seen = [...catalog.entries(archive, number)].map((entry) => [text(entry.path), entry.inode] as const);
  expect(seen).toEqual(expected);
  const directories = new Set(versions.flatMap((version) => [parentOf(version.path), version.path]));
  for (const directory of directories) {
    const children = catalog.children(archive, number, bytes(directory)).map((entry) => [text(entry.path), entry.inode]);
    expect(children).toEqual(expected.filter(([name]) => name !== "." && parentOf(name) === directory));
    const below = [...catalog.entries(archive, number, bytes(directory))].map((entry) => text(entry.path));
    const isBelow = (name: string): boolean => directory === "." || name === directory || name.startsWith(`${directory}/`);
    expect(below).toEqual(expected.map(([name]) => name).filter(isBelow));
  }
}

function compareSearches(catalog: Catalog, archive: ArchiveRecord, versions: readonly Version[]): void {
  const options = { archive, limit: 1000 };
  const told = (found: Iterable<FoundEntry>): unknown[] =>
    [...found].map((entry) => [text(entry.path), entry.inode, entry.firstSnapshot, entry.goneSince]).sort(byText);
  const wanted = (test: (path: string) => boolean): unknown[] =>
    versions
      .filter((version) => test(version.path))
      .map((version) => [version.path, version.stamp, version.first, version.gone])
      .sort(byText);
  for (const known of new Set(versions.map((version) => version.path))) {
    const name = known.slice(known.lastIndexOf("/") + 1);
    expect(told(catalog.history(archive, bytes(known)))).toEqual(wanted((other) => other === known));
    for (const end of [1, known.length - 1, known.length]) {
      const prefix = known.slice(0, end);
      expect(told(catalog.findPrefix(bytes(prefix), options))).toEqual(wanted((other) => other.startsWith(prefix)));
    }
    if (known === ".") continue;
    const pattern = name.replaceAll(/[*?[]/g, "[$&]");
    expect(told(catalog.findName(bytes(pattern), options))).toEqual(
      wanted((other) => other !== "." && other.slice(other.lastIndexOf("/") + 1) === name),
    );
  }
  const newestFirst = [...catalog.findName(bytes("*"), options)].map((entry) => entry.firstSnapshot);
  expect(newestFirst).toEqual(newestFirst.toSorted((a, b) => b - a));
  expect(newestFirst).toHaveLength(versions.filter((version) => version.path !== ".").length);
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : Number(left > right);
}

function parentOf(known: string): string {
  const end = known.lastIndexOf("/");
  return end < 0 ? "." : known.slice(0, end);
}

/** Component by component; the root before all. */
function compareTrees(a: string, b: string): number {
  if (a === "." || b === ".") return Number(a !== ".") - Number(b !== ".");
  const [left, right] = [a.split("/"), b.split("/")];
  for (let level = 0; level < Math.min(left.length, right.length); level += 1) {
    if (left[level] !== right[level]) return left[level]! < right[level]! ? -1 : 1;
  }
  return left.length - right.length;
}
