import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { deviceSiblings, floors, folderCycles, sideDoors, upwardImports } from "./floors/layout.ts";
import * as manners from "./floors/manners.ts";
import { misplacedCalls, misplacedPackages } from "./floors/places.ts";
import type { Finding, SourceFile } from "./floors/source.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const paths = globSync(["{src,simulator,native,test,tools,docs}/**/*", ".ci/*", "*.{md,js,ts,json}"], {
  cwd: root,
  withFileTypes: false,
  exclude: (path) => /(^|\/)(node_modules|build|samples|\.git)(\/|$)/.test(path) || path === "package-lock.json",
}).sort();
const texts = paths.filter((path) => /\.(ts|js|mjs|c|h|sh|md|json)$/.test(path) || /^(tools|\.ci)\/[^./]+$/.test(path)).flatMap(load);
const code = texts.filter((file) => /\.(ts|js|mjs|c|h)$/.test(file.path));
const modules = code.filter((file) => file.path.endsWith(".ts"));

describe("the house", () => {
  const rules: readonly (readonly [string, () => readonly Finding[]])[] = [
    ["imports only downwards", () => upwardImports(modules)],
    ["keeps kinds of device apart", () => deviceSiblings(modules)],
    ["has one door to a folder", () => sideDoors(modules)],
    ["has no cycle of folders", () => folderCycles(modules)],
    ["imports special packages in one place", () => misplacedPackages(modules)],
    ["asks for time, chance and environment in one place", () => misplacedCalls(modules)],
    ["gives folders and files names that mean something", () => manners.shapelessNames(paths)],
    ["keeps files small", () => manners.longSources(code)],
    ["keeps lines within the width", () => manners.wideLines(code)],
    ["has no control characters in texts", () => manners.controlCharacters(texts)],
    ["carries no marks of unfinished work", () => manners.unfinishedMarks(texts)],
    ["holds no test back without a reason", () => manners.heldTests(modules)],
    ["knows no path of one machine", () => manners.machinePaths(texts)],
  ];
  it.each(rules)("%s", (_name, rule) => expect(rule().map(told)).toEqual([]));

  it("is looked at whole", () => {
    expect(modules.length).toBeGreaterThan(100);
    for (const floor of floors.slice(0, 5)) expect(modules.some((file) => file.path.startsWith(`src/${floor}/`))).toBe(true);
  });

  it("has the floors that the architecture draws", () => {
    const drawn = [...readFileSync(`${root}/docs/ARCHITECTURE.md`, "utf8").matchAll(/^ {4}src\/(\w+)/gm)].map((match) => match[1]);
    expect(drawn.reverse()).toEqual(floors);
  });
});

describe("each rule finds what it forbids, and nothing else", () => {
  const count = (rule: (files: readonly SourceFile[]) => readonly Finding[], ...files: readonly SourceFile[]) => rule(files).length;
  const file = (path: string, text: string): SourceFile => ({ path, text });

  it("upward imports, in every way of importing", () => {
    const up = "../../work/seal/index.ts";
    const ways = [`import "${up}";`, `export * from "${up}";`, `import type { A } from "${up}";`, `await import("${up}");`];
    for (const way of ways) expect(count(upwardImports, file("src/formats/tar/a.ts", way))).toBe(1);
    expect(count(upwardImports, file("src/formats/tar/a.ts", `type A = import("${up}").A;`))).toBe(1);
    expect(count(upwardImports, file("src/work/seal/a.ts", 'import "../../formats/tar/index.ts";'))).toBe(0);
    expect(count(upwardImports, file("src/attic/a.ts", 'import "../words/index.ts";'))).toBe(1);
    expect(count(upwardImports, file("simulator/drive/a.ts", 'import "../../src/devices/tape/index.ts";'))).toBe(1);
    expect(count(upwardImports, file("simulator/drive/a.ts", 'import "../../src/scsi/index.ts";'))).toBe(0);
    expect(count(upwardImports, file("src/work/a.ts", 'import "../../simulator/index.ts";'))).toBe(1);
    expect(count(upwardImports, file("src/work/a.ts", 'import "../../test/a.ts";'))).toBe(1);
  });

  it("devices that import each other", () => {
    expect(count(deviceSiblings, file("src/devices/tape/a.ts", 'import "../changer/index.ts";'))).toBe(1);
    expect(count(deviceSiblings, file("src/devices/tape/a.ts", 'import "./b.ts";'))).toBe(0);
  });

  it("side doors, also inside a floor and past an outer door", () => {
    const there = [file("src/records/index.ts", ""), file("src/records/store/index.ts", ""), file("src/records/store/b.ts", "")];
    const from = (path: string, target: string) => count(sideDoors, ...there, file(path, `import "${target}";`));
    expect(from("src/work/a.ts", "../records/index.ts")).toBe(0);
    expect(from("src/work/a.ts", "../records/store/index.ts")).toBe(1);
    expect(from("src/records/keys/a.ts", "../store/index.ts")).toBe(0);
    expect(from("src/records/keys/a.ts", "../store/b.ts")).toBe(1);
    expect(from("src/records/store/a.ts", "./b.ts")).toBe(0);
    expect(from("src/work/a.ts", "../formats/tar/header.ts")).toBe(1);
    expect(from("test/a.test.ts", "../src/records/store/b.ts")).toBe(0);
  });

  it("cycles of folders, but not a folder and its alcove", () => {
    const a = file("src/work/a/index.ts", 'import "../b/index.ts";');
    const b = file("src/work/b/index.ts", 'import type { A } from "../a/index.ts";');
    const inner = file("src/work/b/inner/c.ts", 'import "../d.ts";');
    expect(count(folderCycles, a, b)).toBe(1);
    expect(count(folderCycles, a, inner, file("src/work/b/index.ts", 'import "./inner/c.ts";'))).toBe(0);
  });

  it("packages out of place", () => {
    expect(count(misplacedPackages, file("src/work/a.ts", 'import { DatabaseSync } from "node:sqlite";'))).toBe(1);
    expect(count(misplacedPackages, file("src/records/store/a.ts", 'import { DatabaseSync } from "node:sqlite";'))).toBe(0);
    expect(count(misplacedPackages, file("src/cli/a.ts", 'import blessed from "blessed"; import "serialport";'))).toBe(2);
  });

  it("time, chance and environment out of place, but not the words in a comment", () => {
    const calls = ["process.env", "Date.now()", "performance.now()", "Math.random()", "new Date()", "globalThis.process.env"];
    for (const call of calls) expect(count(misplacedCalls, file("src/jobs/a.ts", `const a = ${call};`)), call).toBe(1);
    expect(count(misplacedCalls, file("src/jobs/a.ts", '// Date.now()\nconst a = "Math.random()"; new Date(5);'))).toBe(0);
    expect(count(misplacedCalls, file("src/words/system-clock.ts", "Date.now()"))).toBe(0);
  });

  it("names, sizes and widths", () => {
    expect(manners.shapelessNames(["src/utils/a.ts", "src/a/helpers.ts", "src/commonplace/a.ts", "test/core.test.ts"])).toHaveLength(3);
    expect(count(manners.longSources, file("a.ts", "x\n".repeat(401)))).toBe(1);
    expect(count(manners.longSources, file("a.ts", "x\n".repeat(400)))).toBe(0);
    expect(manners.longSources([file("a.ts", "x\n".repeat(401))], { "a.ts": "a table" })).toEqual([]);
    expect(count(manners.wideLines, file("a.ts", "x".repeat(201)), file("b.ts", "x".repeat(200)))).toBe(1);
  });

  it("characters, marks and paths", () => {
    expect(count(manners.controlCharacters, file("a.ts", "a\u001b[0m"), file("b.ts", "a\u202eb"), file("c.ts", "a\tb"))).toBe(2);
    expect(count(manners.unfinishedMarks, file("a.ts", "// TO" + "DO later"), file("b.ts", "// to do"))).toBe(1);
    expect(count(manners.machinePaths, file("a.ts", "/work" + "/main/src"), file("b.ts", '"../work/plan"'))).toBe(1);
  });

  it("tests that are held back", () => {
    const held = (text: string) => count(manners.heldTests, file("test/a.test.ts", text));
    expect(held('it.only("a", () => {});')).toBe(1);
    expect(held('it.skipIf(no)("a", () => {});')).toBe(1);
    expect(held('it.skipIf(no)("a (gpg is not installed)", () => {});')).toBe(0);
    expect(held('// skip: gpg is not installed\nit.skipIf(no)("a", () => {});')).toBe(0);
    expect(held('it("a", (context) => { context.skip(); });')).toBe(1);
    expect(held('it("a", (context) => { context.skip("gpg is not installed"); });')).toBe(0);
  });
});

function load(path: string): SourceFile[] {
  try {
    return [{ path, text: readFileSync(`${root}/${path}`, "utf8") }];
  } catch {
    // A folder, or a file that went away between the listing and now.
    return [];
  }
}

function told(finding: Finding): string {
  return `${finding.path}:${finding.line}: ${finding.what}`;
}
