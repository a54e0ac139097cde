import { expect, it } from "vitest";
import { type Context, bytes, code, newEntry, noTotals, plan, sealedFacts, takeSnapshot } from "./catalog-samples.ts";

export function snapshotTests(context: () => Context): void {
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
    // Seals of the abandoned one may lie on volumes: its number is not given again.
    expect(takeSnapshot(catalog, archive, [[newEntry("c")]]).number).toBe(3);
    expect(paths(3)).toEqual(["a", "b", "c"]);
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
