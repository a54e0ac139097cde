import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DiskEvent, readDiskLog } from "./disk/log.ts";
import { layOut, ModelDisk, type PlainFolder } from "./disk/model.ts";
import { classOf, patternOf, placesOf } from "./disk/places.ts";
import { cutPower } from "./disk/power-cut.ts";
import { buildRecorder, type DiskFault, watched } from "./disk/recorder.ts";

let folder: string;
let library: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "strongroom-disk-")));
  library = buildRecorder(folder);
});
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

/** Runs a script below a watched folder of its own. */
function script(name: string, text: string, fault?: DiskFault): { readonly root: string; readonly events: readonly DiskEvent[] } {
  const [root, log] = [join(folder, name), join(folder, `${name}.log`)];
  mkdirSync(root);
  const env = watched(library, root, { log, ...fault === undefined ? {} : { fault } });
  execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", text], { cwd: root, env });
  return { root, events: readDiskLog(log) };
}

function diskOf(events: readonly DiskEvent[]): ModelDisk {
  const disk = new ModelDisk();
  for (const event of events) disk.apply(event);
  return disk;
}

const ofPower = (events: readonly DiskEvent[]): PlainFolder => cutPower(diskOf(events), "nothing", "");
const textOf = (tree: PlainFolder, name: string): string | undefined => {
  const file = tree.files.get(name);
  return file && Buffer.from(file.content).toString();
};

describe("the recorder", () => {
  it("sees all that Node, its threads and SQLite do: made again, it is the same tree", () => {
    const { root, events } = script("all", `
      import fs from "node:fs"; import { DatabaseSync } from "node:sqlite";
      fs.mkdirSync("a/b/c", { recursive: true }); fs.writeFileSync("a/one", "one"); fs.appendFileSync("a/one", " more"); fs.renameSync("a/one", "a/b/two");
      await fs.promises.writeFile("a/three", Buffer.alloc(100000, 7)); await fs.promises.truncate("a/three", 70000); fs.linkSync("a/three", "a/four");
      const fd = fs.openSync("a/five", "w+"); fs.writeSync(fd, Buffer.from("xyz"), 0, 3, 5000); fs.writevSync(fd, [Buffer.from("12"), Buffer.from("34")]); fs.closeSync(fd);
      const db = new DatabaseSync("db"); db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(50000))"); db.close();
      fs.rmSync("a/b/c", { recursive: true }); fs.writeFileSync("a/b/two", "again");`);
    layOut(cutPower(diskOf(events), "everything", ""), join(folder, "again"));
    execFileSync("diff", ["-r", root, join(folder, "again")]);
    expect(events.filter(({ kind }) => kind === "sync").length).toBeGreaterThan(2);
  });

  it("refuses a log of which it does not understand all, or that is cut off", () => {
    expect(() => script("copied", 'import fs from "node:fs"; fs.symlinkSync("x", "y");')).toThrow(/does not understand symlink on y/);
    const { events } = script("short", 'import fs from "node:fs"; fs.writeFileSync("x", "text");');
    expect(events.map(({ kind }) => kind)).toEqual(["create", "write"]);
    const log = join(folder, "short.log");
    writeFileSync(log, readFileSync(log).subarray(0, -1));
    expect(() => readDiskLog(log)).toThrow(/cut off/);
  });

  it.each([
    ["once", "EIO", "ok EIO ok ok"], ["stay", "ENOSPC", "ok ENOSPC ENOSPC ENOSPC"], ["half", "ENOSPC", "ok 2 ENOSPC ENOSPC"],
  ] as const)("lets a call fail, %s", (how, code, ended) => {
    const errno = code === "EIO" ? 5 : 28;
    const { root } = script(`fault-${how}`, `
      import fs from "node:fs"; const said = []; fs.mkdirSync("d"); const fd = fs.openSync("d/x", "w");
      const attempt = (work) => { try { const done = work(); said.push(done === undefined || done === 4 ? "ok" : done); } catch (error) { said.push(error.code); } };
      attempt(() => fs.writeSync(fd, "1234")); attempt(() => fs.writeSync(fd, "1234")); attempt(() => fs.writeSync(fd, "1234")); attempt(() => fs.mkdirSync("d/more"));
      fs.writeFileSync("../told-${how}", said.join(" "));`, { operation: "write", nth: 2, errno, how, pattern: "*/x" });
    expect(readFileSync(join(folder, `told-${how}`), "utf8")).toBe(ended);
    expect(readFileSync(join(root, "d/x"), "utf8")).toBe({ once: "12341234", stay: "1234", half: "123412" }[how]);
  });
});

describe("a power cut", () => {
  const replacing = `
    import fs from "node:fs"; const sync = (path) => { const fd = fs.openSync(path, "r"); fs.fsyncSync(fd); fs.closeSync(fd); };
    fs.writeFileSync("x", "old"); sync("x"); sync(".");
    fs.writeFileSync("x.new", "new");`;

  it("leaves what was synced, with its name, and nothing else", () => {
    expect(textOf(ofPower(script("synced", replacing).events), "x")).toBe("old");
    expect([...ofPower(script("unnamed", 'import fs from "node:fs"; const fd = fs.openSync("x", "w"); fs.writeSync(fd, "1"); fs.fsyncSync(fd);').events).files]).toEqual([]);
  });

  it("leaves folders that the appliance made, and a file that it replaced", () => {
    const records = JSON.stringify(new URL("../../src/records/index.ts", import.meta.url).href);
    const { events } = script("made", `import { makeFolder, replaceFile } from ${records}; makeFolder("a/b/c"); replaceFile("a/b/c/x", "text");`);
    const made = ["a", "b", "c"].reduce<PlainFolder | undefined>((tree, name) => tree?.folders.get(name), ofPower(events));
    expect(made && textOf(made, "x")).toBe("text");
  });

  it("takes a rename as a whole, with the content that was not synced lost", () => {
    const { events } = script("renamed", `${replacing} fs.renameSync("x.new", "x");`);
    const seen = new Set(Array.from({ length: 60 }, (_, seed) => textOf(cutPower(diskOf(events), "journal", String(seed)), "x")));
    for (const one of seen) expect(["old", "new", "", "\0\0\0"]).toContain(one);
    expect(seen.has("old") && seen.has("")).toBe(true);
    const { events: whole } = script("whole", `${replacing} sync("x.new"); fs.renameSync("x.new", "x");`);
    const either = new Set(Array.from({ length: 60 }, (_, seed) => textOf(cutPower(diskOf(whole), "anything", String(seed)), "x")));
    expect([...either].sort()).toEqual(["new", "old"]);
  });

  it("tears writes by pages and sectors, and gives the same for the same seed", () => {
    const { events } = script("torn", `
      import fs from "node:fs"; fs.writeFileSync("x", Buffer.alloc(40960)); const sync = (path) => { const fd = fs.openSync(path, "r"); fs.fsyncSync(fd); fs.closeSync(fd); };
      sync("x"); sync("."); const fd = fs.openSync("x", "r+"); fs.writeSync(fd, Buffer.alloc(40960, 1), 0, 40960, 0); fs.closeSync(fd);`);
    const contents = Array.from({ length: 40 }, (_, seed) => Buffer.from(cutPower(diskOf(events), "anything", String(seed)).files.get("x")!.content));
    for (const content of contents) {
      const sectors = Array.from({ length: 80 }, (_, at) => new Set(content.subarray(at * 512, at * 512 + 512)));
      expect(sectors.every((sector) => sector.size === 1)).toBe(true);
    }
    expect(contents.some((content) => content.includes(1) && content.includes(0))).toBe(true);
    expect(Buffer.from(cutPower(diskOf(events), "anything", "7").files.get("x")!.content)).toEqual(contents[7]);
  });
});

describe("places", () => {
  it("have names that do not depend on numbers", () => {
    expect(classOf("state/spool/0000000012.pgp.tmp")).toBe("state:spool:#.pgp.tmp");
    expect(classOf("state/keys/signing-7fb901a6dd32e049ddff1f6ad4faa5e631998f26.asc")).toBe("state:keys:signing#.asc");
    expect(patternOf("state:spool:#.pgp.tmp")).toBe("state/spool/*.pgp.tmp");
    const write = (path: string): DiskEvent => ({ kind: "write", path, inode: 1n, offset: 0, data: Buffer.alloc(1) });
    expect(placesOf([write("1.a"), write("2.a"), write("b")], 0, 3).map(({ class: of, nth }) => `${of} ${String(nth)}`)).toEqual(["#.a 1", "#.a 2", "b 1"]);
  });
});
