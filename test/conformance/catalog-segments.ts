import { expect, it } from "vitest";
import type { NewEntry } from "../../src/records/index.ts";
import { type Context, bytes, code, newEntry, noTotals, plan, sealedFacts, takeSnapshot, text } from "./catalog-samples.ts";

export function segmentTests(context: () => Context): void {
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

export function splitTests(context: () => Context): void {
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
