import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ArchiveRecord, Catalog, EntryFacts, NewEntry, SealedFacts, SnapshotRecord } from "../../src/records/index.ts";

/** A fresh, empty catalog; `close` gives everything back. */
export type CatalogFactory = () => { readonly catalog: Catalog; readonly close: () => void };

export const sealedFacts: SealedFacts = {
  sealedBytes: 1234,
  sealedSha256: "ab".repeat(32),
  tarBytes: 10_240,
  firstMemberOffset: 512,
  sealedAtMs: 1_700_000_000_000,
};

export const noTotals = { entries: 0, contentBytes: 0, newEntries: 0, newContentBytes: 0, sealedBytes: 0, troubledEntries: 0 };

export function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

export function text(path: Uint8Array): string {
  return Buffer.from(path).toString("latin1");
}

/** A file of that path with one piece, or what `change` makes of it. */
export function newEntry(path: string, change: Partial<NewEntry> = {}): NewEntry {
  return { ...facts(path), piece: { offsetBytes: 0, lengthBytes: 5, sha256: new Uint8Array(32).fill(7) }, ...change };
}

function facts(path: string): EntryFacts {
  return {
    path: bytes(path),
    type: "file",
    mode: 0o644,
    uid: 1000,
    gid: 100,
    sizeBytes: 5,
    mtimeNs: 1_700_000_000_123_456_789n,
    ctimeNs: 1_700_000_001_000_000_000n,
    inode: 42n,
    condition: "intact",
  };
}

/** One snapshot with one segment for each list of entries. */
export function takeSnapshot(
  catalog: Catalog,
  archive: ArchiveRecord,
  segments: readonly (readonly NewEntry[])[],
): SnapshotRecord {
  const last = catalog.snapshots(archive).findLast((known) => known.state === "complete");
  const snapshot = catalog.openSnapshot(archive, 1000, last?.number);
  plan(catalog, snapshot, segments.length);
  for (const [index, segment] of catalog.segments(snapshot).entries())
    {catalog.addSealedSegment(segment.id, sealedFacts, segments[index]!);}
  catalog.completeSnapshot(snapshot, 2000, noTotals);
  return catalog.snapshot(archive, snapshot.number)!;
}

function plan(catalog: Catalog, snapshot: SnapshotRecord, count: number): void {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  catalog.planSegments(
    snapshot,
    numbers.map((number) => ({ number, plannedBytes: 100, plan: `lines ${String(number)}` })),
  );
}

function code(action: () => unknown): unknown {
  try {
    action();
    return "nothing was thrown";
  } catch (thrown) {
    return (thrown as { code?: unknown }).code;
  }
}

/** What every catalog must do. Snapshot visibility has its own property test against a model. */
export function catalogConformance(name: string, factory: CatalogFactory): void {
  describe(`catalog: ${name}`, () => {
    let catalog: Catalog;
    let archive: ArchiveRecord;
    let close: () => void;
    beforeEach(() => {
      ({ catalog, close } = factory());
      archive = catalog.createArchive("photos", "4d3c0b5e-0000-4000-8000-000000000001");
    });
    afterEach(() => {
      close();
    });
    const paths = (number: number, prefix?: string): string[] =>
      [...catalog.entries(archive, number, prefix === undefined ? undefined : bytes(prefix))].map((entry) => text(entry.path));
    const context = (): Context => ({ catalog, archive, paths });

    describe("archives and snapshots", () => {
      snapshotTests(context);
    });
    describe("segments", () => {
      segmentTests(context);
    });
    describe("split entries", () => {
      splitTests(context);
    });
    describe("what is visible", () => {
      visibilityTests(context);
    });
    describe("searching", () => {
      searchTests(context);
    });
    describe("values", () => {
      valueTests(context);
    });
  });
}

interface Context {
  readonly catalog: Catalog;
  readonly archive: ArchiveRecord;
  readonly paths: (number: number, prefix?: string) => string[];
}

function snapshotTests(context: () => Context): void {
  it("knows archives by name, in the order of names", () => {
    const { catalog, archive } = context();
    const other = catalog.createArchive("letters", "4d3c0b5e-0000-4000-8000-000000000002");
    expect(catalog.archives()).toEqual([other, archive]);
    expect(catalog.archive("letters")).toEqual(other);
    expect(catalog.archive("nothing")).toBeUndefined();
    expect(code(() => catalog.createArchive("photos", "4d3c0b5e-0000-4000-8000-000000000003"))).toBe("ARCHIVE_EXISTS");
  });

  it("numbers snapshots from 1 in each archive and has one open at most", () => {
    const { catalog, archive } = context();
    const other = catalog.createArchive("letters", "4d3c0b5e-0000-4000-8000-000000000002");
    takeSnapshot(catalog, archive, [[newEntry("a")]]);
    const second = catalog.openSnapshot(archive, 5, 1);
    expect(second).toMatchObject({ number: 2, state: "open", base: 1, startedMs: 5, finishedMs: undefined, totals: undefined });
    expect(code(() => catalog.openSnapshot(archive, 6, 1))).toBe("SNAPSHOT_OPEN");
    expect(catalog.openSnapshot(other, 7, undefined).number).toBe(1);
  });

  it("refuses a base that is no complete snapshot", () => {
    const { catalog, archive } = context();
    expect(code(() => catalog.openSnapshot(archive, 1, 1))).toBe("SNAPSHOT_UNKNOWN");
    expect(catalog.snapshots(archive)).toEqual([]);
  });

  it("keeps times and totals", () => {
    const { catalog, archive } = context();
    const totals = { entries: 1, contentBytes: 2 ** 52, newEntries: 3, newContentBytes: 4, sealedBytes: 5, troubledEntries: 6 };
    const snapshot = catalog.openSnapshot(archive, 10, undefined);
    catalog.completeSnapshot(snapshot, 20, totals);
    expect(catalog.snapshot(archive, 1)).toMatchObject({
      state: "complete",
      startedMs: 10,
      finishedMs: 20,
      base: undefined,
      totals,
    });
    expect(
      code(() => {
        catalog.completeSnapshot(snapshot, 30, totals);
      }),
    ).toBe("SNAPSHOT_NOT_OPEN");
  });

  it("refuses to complete while a segment is missing", () => {
    const { catalog, archive } = context();
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    plan(catalog, snapshot, 2);
    catalog.addSealedSegment(catalog.segments(snapshot)[0]!.id, sealedFacts, [newEntry("a")]);
    expect(
      code(() => {
        catalog.completeSnapshot(snapshot, 2, noTotals);
      }),
    ).toBe("SNAPSHOT_INCOMPLETE");
    expect(catalog.snapshot(archive, 1)!.state).toBe("open");
  });

  it("abandons an open snapshot as if it had never been", () => {
    const { catalog, archive, paths } = context();
    takeSnapshot(catalog, archive, [[newEntry("a"), newEntry("b")]]);
    const before = catalog.children(archive, 1, bytes("."));
    const second = catalog.openSnapshot(archive, 1, 1);
    plan(catalog, second, 1);
    catalog.addSealedSegment(catalog.segments(second)[0]!.id, sealedFacts, [newEntry("b", { inode: 43n }), newEntry("d/c")]);
    catalog.markGone(
      second,
      before.map((entry) => entry.id),
    );
    catalog.abandonSnapshot(second);
    expect(catalog.snapshots(archive).map((known) => known.number)).toEqual([1]);
    expect(paths(1)).toEqual(["a", "b"]);
    expect([...catalog.findName(bytes("*"), { limit: 10 })].map((found) => found.goneSince)).toEqual([undefined, undefined]);
    expect([...catalog.findPrefix(bytes("d"), { limit: 10 })]).toEqual([]);
    expect(
      code(() => {
        catalog.abandonSnapshot(second);
      }),
    ).toBe("SNAPSHOT_NOT_OPEN");
    expect(takeSnapshot(catalog, archive, [[newEntry("c")]]).number).toBe(2);
    expect(paths(2)).toEqual(["a", "b", "c"]);
  });

  it("never abandons what is complete", () => {
    const { catalog, archive, paths } = context();
    const done = takeSnapshot(catalog, archive, [[newEntry("a")]]);
    expect(
      code(() => {
        catalog.abandonSnapshot(done);
      }),
    ).toBe("SNAPSHOT_NOT_OPEN");
    expect(paths(1)).toEqual(["a"]);
  });
}

function segmentTests(context: () => Context): void {
  it("goes from planned to sealed to having a seal", () => {
    const { catalog, archive } = context();
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    plan(catalog, snapshot, 2);
    const [first, second] = catalog.segments(snapshot);
    expect(first).toMatchObject({
      number: 1,
      plannedBytes: 100,
      plan: "lines 1",
      state: "planned",
      facts: undefined,
      sealText: undefined,
    });
    catalog.addSealedSegment(second!.id, sealedFacts, []);
    expect(catalog.segments(snapshot).map((segment) => segment.state)).toEqual(["planned", "sealed"]);
    expect(catalog.segment(second!.id)).toMatchObject({ facts: sealedFacts, snapshotId: snapshot.id });
    catalog.setSeal(second!.id, "a seal");
    expect(catalog.segment(second!.id)!.sealText).toBe("a seal");
    expect(
      code(() => {
        catalog.setSeal(first!.id, "too early");
      }),
    ).toBe("SEGMENT_NOT_SEALED");
    expect(catalog.segment(987_654)).toBeUndefined();
  });

  it("takes one plan and seals once", () => {
    const { catalog, archive, paths } = context();
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    plan(catalog, snapshot, 1);
    expect(
      code(() => {
        plan(catalog, snapshot, 1);
      }),
    ).toBe("PLAN_EXISTS");
    const { id } = catalog.segments(snapshot)[0]!;
    catalog.addSealedSegment(id, sealedFacts, [newEntry("a")]);
    expect(
      code(() => {
        catalog.addSealedSegment(id, sealedFacts, [newEntry("b")]);
      }),
    ).toBe("SEGMENT_SEALED");
    expect(
      code(() => {
        catalog.addSealedSegment(id + 1000, sealedFacts, []);
      }),
    ).toBe("SEGMENT_UNKNOWN");
    expect(paths(1)).toEqual(["a"]);
  });

  it("adds a segment wholly or not at all", () => {
    const { catalog, archive, paths } = context();
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    plan(catalog, snapshot, 2);
    const [first, second] = catalog.segments(snapshot);
    catalog.addSealedSegment(first!.id, sealedFacts, [newEntry("a")]);
    expect(
      code(() => {
        catalog.addSealedSegment(second!.id, sealedFacts, [newEntry("new/b"), newEntry("a")]);
      }),
    ).toBe("ENTRY_TWICE");
    expect(catalog.segment(second!.id)!.state).toBe("planned");
    expect(paths(1)).toEqual(["a"]);
    catalog.addSealedSegment(second!.id, sealedFacts, [newEntry("new/b")]);
    expect(paths(1)).toEqual(["a", "new/b"]);
  });

  it("refuses paths that no walk yields", () => {
    const { catalog, archive } = context();
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    plan(catalog, snapshot, 1);
    const { id } = catalog.segments(snapshot)[0]!;
    for (const path of ["", "/a", "a/", "a//b", "./a", "a/..", "../a", "a/./b", "nul\0"]) {
      expect([
        path,
        code(() => {
          catalog.addSealedSegment(id, sealedFacts, [newEntry(path)]);
        }),
      ]).toEqual([path, "PATH_INVALID"]);
    }
    expect(catalog.segment(id)!.state).toBe("planned");
  });

  it("gives the rows of a segment in stream order", () => {
    const { catalog, archive } = context();
    const names = Array.from({ length: 3000 }, (_, index) => `d${String(index % 7)}/f${String(2999 - index)}`);
    const snapshot = takeSnapshot(catalog, archive, [[newEntry("other")], names.map((name) => newEntry(name)), []]);
    const [first, second, third] = catalog.segments(snapshot);
    expect([...catalog.entriesOfSegment(second!.id)].map((entry) => text(entry.path))).toEqual(names);
    expect([...catalog.entriesOfSegment(first!.id)]).toHaveLength(1);
    expect([...catalog.entriesOfSegment(third!.id)]).toEqual([]);
    expect([...catalog.entriesOfSegment(987_654)]).toEqual([]);
  });
}

function splitTests(context: () => Context): void {
  const piece = (index: number): NewEntry => {
    const condition = index === 1 ? "shrunk" : "intact";
    const sha256 = new Uint8Array(32).fill(index);
    return newEntry("dir/big", {
      sizeBytes: 25,
      condition,
      piece: { offsetBytes: index * 10, lengthBytes: index === 2 ? 5 : 10, sha256 },
    });
  };

  for (const order of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]) {
    it(`is one row with its pieces, sealed in the order ${order.join(", ")}`, () => {
      const { catalog, archive, paths } = context();
      const snapshot = catalog.openSnapshot(archive, 1, undefined);
      plan(catalog, snapshot, 3);
      const ids = catalog.segments(snapshot).map((segment) => segment.id);
      const rows = [[newEntry("before"), piece(0)], [piece(1)], [piece(2), newEntry("zlast")]];
      for (const index of order) {
        expect(paths(1).includes("dir/big")).toBe(order.indexOf(0) < order.indexOf(index));
        catalog.addSealedSegment(ids[index]!, sealedFacts, rows[index]!);
      }
      catalog.completeSnapshot(snapshot, 2, noTotals);
      const found = [...catalog.findName(bytes("big"), { limit: 5 })];
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({ sizeBytes: 25, condition: "shrunk", segmentId: ids[0]! });
      const pieces = catalog.pieces(found[0]!.id);
      expect(pieces.map((known) => [known.offsetBytes, known.lengthBytes, known.segmentId, known.sha256[0]])).toEqual([
        [0, 10, ids[0], 0],
        [10, 10, ids[1], 1],
        [20, 5, ids[2], 2],
      ]);
      const streams = ids.map((id) => [...catalog.entriesOfSegment(id)].map((entry) => text(entry.path)));
      expect(streams).toEqual([["before", "dir/big"], ["dir/big"], ["dir/big", "zlast"]]);
    });
  }

  it("refuses the same piece twice and the header twice", () => {
    const { catalog, archive } = context();
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    plan(catalog, snapshot, 4);
    const ids = catalog.segments(snapshot).map((segment) => segment.id);
    catalog.addSealedSegment(ids[0]!, sealedFacts, [piece(0)]);
    catalog.addSealedSegment(ids[1]!, sealedFacts, [piece(1)]);
    expect(
      code(() => {
        catalog.addSealedSegment(ids[2]!, sealedFacts, [piece(1)]);
      }),
    ).toBeTypeOf("string");
    expect(
      code(() => {
        catalog.addSealedSegment(ids[3]!, sealedFacts, [piece(0)]);
      }),
    ).toBe("ENTRY_TWICE");
    expect(catalog.segments(snapshot).map((segment) => segment.state)).toEqual(["sealed", "sealed", "planned", "planned"]);
  });

  it("cannot be complete without its first piece", () => {
    const { catalog, archive } = context();
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    plan(catalog, snapshot, 1);
    catalog.addSealedSegment(catalog.segments(snapshot)[0]!.id, sealedFacts, [piece(1)]);
    expect(
      code(() => {
        catalog.completeSnapshot(snapshot, 2, noTotals);
      }),
    ).toBe("SNAPSHOT_INCOMPLETE");
    expect([...catalog.findName(bytes("*"), { limit: 5 })]).toEqual([]);
  });
}

function visibilityTests(context: () => Context): void {
  it("walks parents before children and names by their bytes, component by component", () => {
    const { catalog, archive, paths } = context();
    const names = [".", "+a", "-", "a", "a/b", "a/b/c", "a-b", "a.b", "a0", "\xff", "\xff/x", "no-row/for-its-parent"];
    takeSnapshot(catalog, archive, [names.toReversed().map((name) => newEntry(name))]);
    expect(paths(1)).toEqual([
      ".",
      "+a",
      "-",
      "a",
      "a/b",
      "a/b/c",
      "a-b",
      "a.b",
      "a0",
      "no-row/for-its-parent",
      "\xff",
      "\xff/x",
    ]);
    expect(paths(1, "a")).toEqual(["a", "a/b", "a/b/c"]);
    expect(paths(1, "a/b/")).toEqual(["a/b", "a/b/c"]);
    expect(paths(1, ".")).toEqual(paths(1));
    expect(paths(1, "a/nothing")).toEqual([]);
    expect(paths(1, "/a")).toEqual([]);
    const children = (directory: string): string[] =>
      catalog.children(archive, 1, bytes(directory)).map((entry) => text(entry.path));
    expect(children(".")).toEqual(["+a", "-", "a", "a-b", "a.b", "a0", "\xff"]);
    expect(children("a")).toEqual(["a/b"]);
    expect(children("nothing")).toEqual([]);
  });

  it("gives more children and versions than fit a page", () => {
    const { catalog, archive, paths } = context();
    const names = Array.from({ length: 1500 }, (_, index) => `many/${String(index).padStart(5, "0")}`);
    takeSnapshot(catalog, archive, [names.map((name) => newEntry(name))]);
    expect(catalog.children(archive, 1, bytes("many"))).toHaveLength(1500);
    expect(paths(1)).toEqual(names);
    expect([...catalog.findName(bytes("0*"), { limit: 10_000 })]).toHaveLength(1500);
  });

  it("shows in each snapshot what it held", () => {
    const { catalog, archive, paths } = context();
    takeSnapshot(catalog, archive, [[newEntry("kept"), newEntry("changed"), newEntry("removed")]]);
    const second = catalog.openSnapshot(archive, 1, 1);
    const ids = catalog
      .children(archive, 1, bytes("."))
      .filter((entry) => text(entry.path) !== "kept")
      .map((entry) => entry.id);
    catalog.markGone(second, ids);
    catalog.markGone(second, ids);
    plan(catalog, second, 1);
    catalog.addSealedSegment(catalog.segments(second)[0]!.id, sealedFacts, [
      newEntry("changed", { inode: 99n }),
      newEntry("added"),
    ]);
    expect(paths(1)).toEqual(["changed", "kept", "removed"]);
    catalog.completeSnapshot(second, 2, noTotals);
    expect(paths(1)).toEqual(["changed", "kept", "removed"]);
    expect(paths(2)).toEqual(["added", "changed", "kept"]);
    expect([...catalog.gonePaths(second)].map(text)).toEqual(["removed"]);
    expect([...catalog.gonePaths(catalog.snapshot(archive, 1)!)]).toEqual([]);
    const versions = [...catalog.history(archive, bytes("changed"))];
    expect(versions.map((found) => [found.firstSnapshot, found.goneSince, found.inode])).toEqual([
      [1, 2, 42n],
      [2, undefined, 99n],
    ]);
  });

  it("refuses to mark what was not visible, changing nothing", () => {
    const { catalog, archive, paths } = context();
    takeSnapshot(catalog, archive, [[newEntry("a")]]);
    const other = catalog.createArchive("letters", "4d3c0b5e-0000-4000-8000-000000000002");
    takeSnapshot(catalog, other, [[newEntry("b")]]);
    const foreign = catalog.children(other, 1, bytes("."))[0]!.id;
    const own = catalog.children(archive, 1, bytes("."))[0]!.id;
    const second = catalog.openSnapshot(archive, 1, 1);
    for (const wrong of [foreign, 123_456]) {
      expect(
        code(() => {
          catalog.markGone(second, [own, wrong]);
        }),
      ).toBe("ENTRY_NOT_VISIBLE");
    }
    catalog.completeSnapshot(second, 2, noTotals);
    expect(paths(2)).toEqual(["a"]);
    const third = catalog.openSnapshot(archive, 3, 2);
    catalog.markGone(third, [own]);
    catalog.completeSnapshot(third, 4, noTotals);
    const fourth = catalog.openSnapshot(archive, 5, 3);
    expect(
      code(() => {
        catalog.markGone(fourth, [own]);
      }),
    ).toBe("ENTRY_NOT_VISIBLE");
  });

  it("rejects snapshots that do not exist", () => {
    const { catalog, archive, paths } = context();
    expect(code(() => paths(1))).toBe("SNAPSHOT_UNKNOWN");
    expect(code(() => catalog.children(archive, 1, bytes(".")))).toBe("SNAPSHOT_UNKNOWN");
  });

  it("lets an iterator be left early and others run meanwhile", () => {
    const { catalog, archive, paths } = context();
    takeSnapshot(catalog, archive, [Array.from({ length: 600 }, (_, index) => newEntry(`d/${String(1000 + index)}`))]);
    const left = catalog.entries(archive, 1);
    const first = left.next();
    expect(first.done === true ? "nothing" : text(first.value.path)).toBe("d/1000");
    for (const found of catalog.findName(bytes("*"), { limit: 1000 })) if (text(found.path) === "d/1300") break;
    expect(paths(1)).toHaveLength(600);
    takeSnapshot(catalog, archive, [[newEntry("later")]]);
    expect([...left]).toHaveLength(599);
  });
}

function searchTests(context: () => Context): void {
  const find = (pattern: string, limit = 100): string[] =>
    [...context().catalog.findName(bytes(pattern), { limit })].map((found) => text(found.path));
  const findPrefix = (prefix: string, limit = 100): string[] =>
    [...context().catalog.findPrefix(bytes(prefix), { limit })].map((found) => text(found.path));
  const names = [".", "a", "a/index.js", "b/c/index.js", "b/index.ts", "b/[x]", "b/\xc3\xbcber", "b/\xff\xfe", "index.json"];

  it("finds names exactly and by pattern", () => {
    takeSnapshot(context().catalog, context().archive, [names.map((name) => newEntry(name))]);
    expect(find("index.js").sort()).toEqual(["a/index.js", "b/c/index.js"]);
    expect(find("index.js*").sort()).toEqual(["a/index.js", "b/c/index.js", "index.json"]);
    expect(find("*.[jt]s").sort()).toEqual(["a/index.js", "b/c/index.js", "b/index.ts"]);
    expect(find("index.[!j]s")).toEqual(["b/index.ts"]);
    expect(find("[[]x]")).toEqual(["b/[x]"]);
    expect(find("?")).toEqual(["a"]);
    expect(find("\xff\xfe")).toEqual(["b/\xff\xfe"]);
    expect(find("\xff*")).toEqual(["b/\xff\xfe"]);
    expect(find("?ber")).toEqual(["b/\xc3\xbcber"]);
    expect(find("INDEX.JS")).toEqual([]);
    expect(find("*")).toHaveLength(names.length - 1);
    expect(find("")).toEqual(["."]);
  });

  it("gives what was sealed last first, up to the limit", () => {
    const { catalog, archive } = context();
    takeSnapshot(catalog, archive, [[newEntry("old/x")], [newEntry("older/x")]]);
    takeSnapshot(catalog, archive, [[newEntry("new/x"), newEntry("new/y")]]);
    expect(find("x")).toEqual(["new/x", "older/x", "old/x"]);
    expect(find("[xz]")).toEqual(["new/x", "older/x", "old/x"]);
    expect(find("x", 2)).toEqual(["new/x", "older/x"]);
    expect(find("x", 0)).toEqual([]);
  });

  it("finds by the beginning of the whole path", () => {
    takeSnapshot(context().catalog, context().archive, [names.map((name) => newEntry(name))]);
    expect(findPrefix("b/")).toEqual(["b/[x]", "b/c/index.js", "b/index.ts", "b/\xc3\xbcber", "b/\xff\xfe"]);
    expect(findPrefix("b/c")).toEqual(["b/c/index.js"]);
    expect(findPrefix("a")).toEqual(["a", "a/index.js"]);
    expect(findPrefix("in")).toEqual(["index.json"]);
    expect(findPrefix("b/\xff")).toEqual(["b/\xff\xfe"]);
    expect(findPrefix("")).toEqual([
      ".",
      "a",
      "a/index.js",
      "b/[x]",
      "b/c/index.js",
      "b/index.ts",
      "b/\xc3\xbcber",
      "b/\xff\xfe",
      "index.json",
    ]);
    expect(findPrefix(".")).toEqual(["."]);
    expect(findPrefix("", 2)).toEqual([".", "a"]);
    expect(findPrefix("", 0)).toEqual([]);
    for (const nothing of ["/", "/b", "b//", "c", "../", "b/c/index.js/"])
      {expect([nothing, findPrefix(nothing)]).toEqual([nothing, []]);}
  });

  it("leaves patterns and prefixes as they are, also those that are Buffers", () => {
    const { catalog, archive } = context();
    takeSnapshot(catalog, archive, [[newEntry("d/file")]]);
    const pattern = Buffer.from("fi*");
    const prefix = Buffer.from("d/fi");
    expect([...catalog.findName(pattern, { limit: 5 }), ...catalog.findPrefix(prefix, { limit: 5 })]).toHaveLength(2);
    expect([pattern.toString(), prefix.toString()]).toEqual(["fi*", "d/fi"]);
  });

  it("keeps to one archive when asked", () => {
    const { catalog, archive } = context();
    const other = catalog.createArchive("letters", "4d3c0b5e-0000-4000-8000-000000000002");
    takeSnapshot(catalog, archive, [[newEntry("d/x")]]);
    takeSnapshot(catalog, other, [[newEntry("d/x")]]);
    const options = { limit: 10, archive: other };
    expect([...catalog.findName(bytes("x"), options)].map((found) => found.archiveId)).toEqual([other.id]);
    expect([...catalog.findPrefix(bytes("d"), options)].map((found) => found.archiveId)).toEqual([other.id]);
    expect([...catalog.findName(bytes("x"), { limit: 10 })]).toHaveLength(2);
    expect([...catalog.findPrefix(bytes("d/"), { limit: 10 })]).toHaveLength(2);
    expect([...catalog.history(archive, bytes("d/x"))].map((found) => found.archiveId)).toEqual([archive.id]);
  });
}

function valueTests(context: () => Context): void {
  const extremes: readonly Partial<NewEntry>[] = [
    { mtimeNs: -1n, ctimeNs: 0n, inode: 0n },
    { mtimeNs: 2n ** 63n - 1n, ctimeNs: -(2n ** 63n), inode: 2n ** 64n - 1n },
    { mtimeNs: 2n ** 63n, ctimeNs: -(2n ** 63n) - 1n, inode: 2n ** 32n },
    { mtimeNs: (2n ** 63n - 1n) * 1_000_000_000n + 999_999_999n, ctimeNs: -(2n ** 63n) * 1_000_000_000n, inode: 2n ** 32n - 1n },
    { uid: 2 ** 32 - 1, gid: 0, mode: 0o7777, sizeBytes: Number.MAX_SAFE_INTEGER },
    { uid: 127, gid: 128, mode: 0, sizeBytes: 0, piece: { offsetBytes: 0, lengthBytes: 0, sha256: new Uint8Array(32) } },
    { sizeBytes: 2 ** 40, piece: { offsetBytes: 0, lengthBytes: 2 ** 33 + 1, sha256: new Uint8Array(32).fill(255) } },
    { type: "symlink", sizeBytes: 0, linkTarget: bytes("/\xff\n\x1b[2J") },
    { type: "hardlink", sizeBytes: 0, linkTarget: bytes("a/b") },
    { type: "directory" },
    { type: "fifo" },
    { type: "character-device" },
    { type: "block-device" },
    { condition: "vanished" },
    { condition: "unreadable" },
    { condition: "changed" },
    { path: bytes(`\n/\x1b/\xff\xfe/${"n".repeat(5000)}`) },
    { path: bytes(Array.from({ length: 300 }, () => "deep").join("/")) },
  ];

  it("come back as they were given", () => {
    const { catalog, archive } = context();
    const rows = extremes.map((change, index) => {
      const { piece, ...plain } = newEntry(`e${String(index)}`, change);
      return plain.type === "file" && piece !== undefined ? { ...plain, piece } : plain;
    });
    const snapshot = takeSnapshot(catalog, archive, [rows]);
    const segmentId = catalog.segments(snapshot)[0]!.id;
    const found = [...catalog.entriesOfSegment(segmentId)];
    for (const [index, row] of rows.entries()) {
      const { piece, ...plain }: NewEntry = row;
      const { id, ...rest } = found[index]!;
      expect(rest).toEqual({ ...plain, firstSnapshot: 1, segmentId });
      expect(catalog.pieces(id)).toEqual(piece === undefined ? [] : [{ ...piece, segmentId }]);
      expect([...catalog.history(archive, plain.path)]).toHaveLength(1);
    }
    expect([...catalog.entries(archive, 1)]).toHaveLength(rows.length);
  });

  it("are refused where they cannot be right", () => {
    const { catalog, archive } = context();
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    plan(catalog, snapshot, 1);
    const { id } = catalog.segments(snapshot)[0]!;
    for (const wrong of [
      { uid: -1 },
      { gid: 2 ** 32 },
      { uid: 1.5 },
      { piece: { offsetBytes: 0, lengthBytes: 1, sha256: new Uint8Array(31) } },
    ]) {
      expect(
        code(() => {
          catalog.addSealedSegment(id, sealedFacts, [newEntry("a", wrong)]);
        }),
      ).toMatch(/_INVALID$/);
    }
  });

  it("has no pieces for what it does not know", () => {
    expect(context().catalog.pieces(123_456)).toEqual([]);
  });
}
