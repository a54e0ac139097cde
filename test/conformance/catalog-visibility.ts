import { expect, it } from "vitest";
import { type Context, bytes, code, newEntry, noTotals, plan, sealedFacts, takeSnapshot, text } from "./catalog-samples.ts";

export function visibilityTests(context: () => Context): void {
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
    expect(catalog.children(archive, 1, bytes("many"), 3)).toEqual(catalog.children(archive, 1, bytes("many")).slice(0, 3));
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
    // A plan that was begun and begun anew: the last one counts.
    catalog.markGone(second, catalog.children(archive, 1, bytes(".")).map((entry) => entry.id));
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
