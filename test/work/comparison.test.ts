import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EntryRecord } from "../../src/records/index.ts";
import { Comparison, type WalkedEntry } from "../../src/work/plan/index.ts";

/** A tree as text: path → what it is; directories end in a slash. The stamp stands for everything that changes with an entry. */
type Tree = ReadonlyMap<string, { readonly type: "file" | "directory"; readonly stamp: bigint }>;

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Parents before children, names in byte order: the order of a walk. */
function walkOrder(tree: Tree): string[] {
  return [...tree.keys()].sort((a, b) => {
    if (a === ".") return b === "." ? 0 : -1;
    if (b === ".") return 1;
    const [one, other] = [a.split("/"), b.split("/")];
    for (let level = 0; ; level += 1) {
      if (one[level] === undefined) return other[level] === undefined ? 0 : -1;
      if (other[level] === undefined) return 1;
      if (one[level] !== other[level]) return Buffer.compare(Buffer.from(one[level]!), Buffer.from(other[level]!));
    }
  });
}

function rowsOf(tree: Tree): EntryRecord[] {
  return walkOrder(tree).map((path, id) => {
    const { type, stamp } = tree.get(path)!;
    const common = { mode: 0, uid: 0, gid: 0, sizeBytes: 0, condition: "intact" as const, firstSnapshot: 1, segmentId: 1 };
    return { id, path: bytes(path), type, mtimeNs: stamp, ctimeNs: stamp, inode: stamp, ...common };
  });
}

const parentOf = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".");

function compare(before: Tree, now: Tree, unreadable: ReadonlySet<string> = new Set()): { seen: Map<string, string>; retired: string[] } {
  const rows = rowsOf(before);
  const retired: string[] = [];
  const comparison = new Comparison(
    (directory) => rows.filter(({ path }) => Buffer.from(path).toString() !== "." && parentOf(Buffer.from(path).toString()) === Buffer.from(directory).toString()),
    (path) => {
      const text = Buffer.from(path).toString();
      return rows.filter((row) => text === "." || Buffer.from(row.path).toString() === text || Buffer.from(row.path).toString().startsWith(`${text}/`));
    },
    (row) => { retired.push(Buffer.from(row.path).toString()); },
  );
  const seen = new Map<string, string>();
  for (const path of walkOrder(now)) {
    if ([...unreadable].some((directory) => path.startsWith(`${directory}/`))) continue;
    const { type, stamp } = now.get(path)!;
    const entry = { path: bytes(path), type, mode: 0, uid: 0, gid: 0, owner: "", group: "", mtimeNs: stamp, sizeBytes: 0 };
    const names = type === "directory" && !unreadable.has(path) ? [] : undefined;
    const walked: WalkedEntry = { entry, sourcePath: bytes(path), ctimeNs: stamp, inode: stamp, names };
    seen.set(path, comparison.see(walked));
  }
  comparison.finish();
  return { seen, retired: retired.sort() };
}

const tree = (...paths: readonly string[]): Tree =>
  new Map([".", ...paths].map((path) => [path.replace(/\/$/, ""), { type: path.endsWith("/") || path === "." ? "directory" : "file", stamp: 1n } as const]));

describe("the comparison of a walk with a snapshot", () => {
  it("finds what is new, changed, unchanged and gone", () => {
    const before = tree("a", "b", "d/", "d/x", "d/y");
    const now = new Map(tree("a", "b", "c", "d/", "d/x"));
    now.set("b", { type: "file", stamp: 2n });
    const { seen, retired } = compare(before, now);
    expect(Object.fromEntries(seen)).toEqual({ ".": "unchanged", a: "unchanged", b: "changed", c: "new", d: "unchanged", "d/x": "unchanged" });
    // The root is stored in every snapshot, so its row is replaced in every snapshot.
    expect(retired).toEqual([".", "b", "d/y"]);
  });

  it("takes everything below a directory that is gone or became a file", () => {
    const before = tree("d/", "d/e/", "d/e/f", "g/", "g/h");
    const now = new Map(tree("g"));
    now.set("g", { type: "file", stamp: 2n });
    expect(compare(before, now).retired).toEqual([".", "d", "d/e", "d/e/f", "g", "g/h"]);
  });

  it("keeps what is below a directory that cannot be read now", () => {
    const before = tree("d/", "d/x", "e");
    expect(compare(before, tree("d/", "e"), new Set(["d"])).retired).toEqual(["."]);
  });

  it("agrees with a plain comparison of two sets, whatever the trees", () => {
    const component = fc.constantFrom("a", "b", "a.", "a-", "ab");
    const path = fc.array(component, { minLength: 1, maxLength: 4 });
    const stamp = fc.bigInt({ min: 1n, max: 2n });
    const anyTree = fc.array(fc.record({ path, stamp }), { maxLength: 15 }).map((entries) => {
      const made = new Map<string, { type: "file" | "directory"; stamp: bigint }>([[".", { type: "directory", stamp: 1n }]]);
      for (const { path: parts, stamp: at } of entries) {
        for (let depth = 1; depth < parts.length; depth += 1) made.set(parts.slice(0, depth).join("/"), { type: "directory", stamp: 1n });
        if (!made.has(parts.join("/"))) made.set(parts.join("/"), { type: "file", stamp: at });
      }
      return made;
    });
    fc.assert(
      fc.property(anyTree, anyTree, (before, now) => {
        const { seen, retired } = compare(before, now);
        const isSame = (one: string): boolean => before.get(one)?.type === now.get(one)?.type && before.get(one)?.stamp === now.get(one)?.stamp;
        const expectedGone = [...before.keys()].filter((one) => one === "." || !isSame(one)).sort();
        expect(retired).toEqual(expectedGone);
        for (const [one, verdict] of seen) expect(verdict).toBe(!before.has(one) ? "new" : isSame(one) ? "unchanged" : "changed");
      }),
    );
  });
});
