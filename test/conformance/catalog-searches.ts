import { expect, it } from "vitest";
import { type Context, bytes, newEntry, takeSnapshot, text } from "./catalog-samples.ts";

export function searchTests(context: () => Context): void {
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
    for (const nothing of ["/", "/b", "b//", "c", "../", "b/c/index.js/"]) {
      expect([nothing, findPrefix(nothing)]).toEqual([nothing, []]);
    }
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
