import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DumpdirName, type TarEntry, TarReader } from "../../../src/formats/tar/index.ts";
import { walkLocal } from "../../../src/sources/local/index.ts";
import { describeTree, rsyncDifferences } from "../../sources/local/compare-trees.ts";
import { has, isRoot, makeSampleTree } from "../../sources/local/sample-tree.ts";
import { packTree } from "./pack.ts";

const gnuTar = has("tar") && spawnSync("tar", ["--version"], { encoding: "utf8" }).stdout.startsWith("tar (GNU tar)");
const reasons = {
  tar: "GNU tar is not installed",
  bsdtar: "bsdtar (libarchive-tools) is not installed",
};

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/strongroom-tar-`);
  mkdirSync(`${folder}/source`);
  mkdirSync(`${folder}/target`);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string, ...words: string[]): { stdout: Buffer; stderr: string } {
  const result = spawnSync(command, words, {
    cwd: folder,
    maxBuffer: 1024 ** 3,
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
  });
  const stderr = result.stderr.toString();
  if (result.status !== 0) throw new Error(`${command} ${words.join(" ")}: ${stderr}`);
  return { stdout: result.stdout, stderr };
}

const extraction = ["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "-xpf"];

describe.skipIf(!gnuTar)(`GNU tar (${gnuTar ? "installed" : reasons.tar})`, () => {
  it("restores everything that we write", () => {
    makeSampleTree(`${folder}/source`);
    writeFileSync(`${folder}/ours.tar`, packTree(`${folder}/source`));
    run("tar", ...extraction, "ours.tar", "-C", "target");
    expect(describeTree(`${folder}/target`)).toEqual(describeTree(`${folder}/source`));
    if (has("rsync")) expect(rsyncDifferences(`${folder}/source`, `${folder}/target`)).toBe("");
    else console.log("compared without rsync: it is not installed");
  });

  it("removes what is gone, and nothing else, when extracting incrementally", () => {
    for (const directory of ["base", "base/kept", "base/gone-directory", "base/kept/deeper"]) {
      mkdirSync(`${folder}/source/${directory}`);
    }
    for (const file of ["base/a", "base/gone", "base/kept/b", "base/gone-directory/c", "base/kept/deeper/d"]) {
      writeFileSync(`${folder}/source/${file}`, file);
    }
    run("cp", "-a", "source/.", "target");
    writeFileSync(`${folder}/target/base/kept/stray`, "not in the snapshot");
    rmSync(`${folder}/source/base/gone`);
    rmSync(`${folder}/source/base/gone-directory`, { recursive: true });
    writeFileSync(`${folder}/source/base/new`, "new");
    const stored = new Set(["new"]);
    const withDumpdir = (root: string): Buffer =>
      packTree(root, ({ entry, children }) => {
        if (!children) return entry;
        const dumpdir = children.map(({ name, type }): DumpdirName => ({
          name,
          kind: type === "directory" ? "directory" : stored.has(Buffer.from(name).toString()) ? "stored" : "not-stored",
        }));
        return { ...entry, dumpdir };
      });
    // Only directories and the new file are in the stream, as in an incremental snapshot.
    const whole = withDumpdir(`${folder}/source`);
    writeFileSync(
      `${folder}/increment.tar`,
      onlyEntries(whole, (entry) => entry.type === "directory" || Buffer.from(entry.path).toString().endsWith("/new")),
    );
    run("tar", "--extract", "--incremental", "--numeric-owner", "-pf", "increment.tar", "-C", "target");
    expect(readdirSync(`${folder}/target/base`).sort()).toEqual(["a", "kept", "new"]);
    expect(readdirSync(`${folder}/target/base/kept`).sort()).toEqual(["b", "deeper"]);
    expect(readdirSync(`${folder}/target/base/kept/deeper`)).toEqual(["d"]);
  });

  for (const format of ["posix", "gnu", "ustar", "v7", "oldgnu"]) {
    it(`writes --format=${format} that we read`, () => {
      makePlainTree(`${folder}/source`, format === "posix" || format.endsWith("gnu"));
      const { stdout } = run("tar", `--format=${format}`, "--numeric-owner", "-C", "source", "-cf", "-", ".");
      expect(summary(entriesOf(stdout), format === "posix")).toEqual(summary(walked(`${folder}/source`), format === "posix"));
    });
  }

  for (const version of ["0.0", "0.1", "1.0"]) {
    it(`writes sparse files of version ${version} that we read`, () => {
      makeSparse(`${folder}/source`);
      const { stdout } = run("tar", "--format=posix", "--sparse", `--sparse-version=${version}`, "-C", "source", "-cf", "-", ".");
      expectSparse(stdout);
    });
  }

  it("writes sparse files of its own format that we read", () => {
    makeSparse(`${folder}/source`);
    expectSparse(run("tar", "--format=gnu", "--sparse", "-C", "source", "-cf", "-", ".").stdout);
  });

  it("writes attributes and ACLs that we read", () => {
    makeSampleTree(`${folder}/source`);
    rmSync(`${folder}/source/huge`);
    const { stdout } = run(
      "tar",
      "--format=posix",
      "--sparse",
      "--xattrs",
      "--xattrs-include=*",
      "--acls",
      "-C",
      "source",
      "-cf",
      "-",
      ".",
    );
    const block = entriesOf(stdout).find(({ path }) => Buffer.from(path).equals(Buffer.from("block")))!;
    expect(block.mtimeNs).toBe(-1_500_000_001n);
    expect(attributesOf(block)).toEqual({ "user.binary": "000180ff0a3d", "user.with=sign%25": "76616c7565", "user.empty": "" });
    const listed = entriesOf(stdout).find(({ path }) => Buffer.from(path).equals(Buffer.from("two-blocks-and-one")))!;
    expect(listed.aclAccess).toContain("user:3000000001:rw-");
  });

  it("writes incremental directories that we read, in both its formats", () => {
    makePlainTree(`${folder}/source`, false);
    for (const format of ["posix", "gnu"]) {
      const { stdout } = run(
        "tar",
        `--format=${format}`,
        `--listed-incremental=state-${format}`,
        "-C",
        "source",
        "-cf",
        "-",
        ".",
      );
      const top = entriesOf(stdout).find(({ path }) => Buffer.from(path).equals(Buffer.from(".")))!;
      expect(top.dumpdir?.map(({ name, kind }) => `${kind} ${Buffer.from(name).toString()}`).sort()).toEqual([
        "directory d",
        "stored f",
        "stored link",
      ]);
    }
  });
});

const bsdtar = has("bsdtar");
describe.skipIf(!bsdtar)(`bsdtar (${bsdtar ? "installed" : reasons.bsdtar})`, () => {
  it("restores what we write", () => {
    makeSampleTree(`${folder}/source`);
    rmSync(`${folder}/source/huge`);
    writeFileSync(`${folder}/ours.tar`, packTree(`${folder}/source`));
    run("bsdtar", "--numeric-owner", "-xpf", "ours.tar", "-C", "target");
    if (isRoot) expect(contentsOnly(`${folder}/target`)).toEqual(contentsOnly(`${folder}/source`));
  });

  for (const format of ["pax", "ustar", "gnutar"]) {
    it(`writes ${format} that we read`, () => {
      makePlainTree(`${folder}/source`, format !== "ustar");
      const { stdout } = run("bsdtar", "--format", format, "--numeric-owner", "-C", "source", "-cf", "-", ".");
      expect(summary(entriesOf(stdout), format === "pax")).toEqual(summary(walked(`${folder}/source`), format === "pax"));
    });
  }
});

/**
 * Without what bsdtar 3.6 does not restore alike: where exactly the holes are, attributes whose names hold a percent sign,
 * fractions of
 * seconds before 1970, numbers above 2^31 in ACLs, the time of the directory it extracts to.
 */
function contentsOnly(root: string): string[] {
  return describeTree(root).map((line) =>
    line
      .replace(/"mtimeNs":"-.*?",/, "")
      .replace(/user:[0-9]{10}:/, "")
      .replace(/^(\. .*)"mtimeNs":"[0-9]*",/, "$1")
      .replace(/"sparseMap":.*?\],/, "")
      .replace(/"xattrs":\[.*?\],?/, "")
      .replace(/,?"content":"[0-9a-f]*"/, "")
      .replace(/,\}/, "}"),
  );
}

function makePlainTree(root: string, longNames: boolean): void {
  mkdirSync(`${root}/d`);
  writeFileSync(`${root}/f`, "content");
  writeFileSync(`${root}/d/g`, Buffer.alloc(5000, 1));
  if (longNames) writeFileSync(`${root}/d/${"long".repeat(40)}`, "long");
  spawnSync("ln", ["-s", "f", `${root}/link`]);
  spawnSync("touch", ["-d", "2001-02-03 04:05:06.789", `${root}/f`]);
}

function makeSparse(root: string): void {
  const script =
    "for i in $(seq 0 59); do printf 'data%02d' $i | dd of=s bs=1 seek=$((i * 100000)) conv=notrunc status=none; done; " +
    "truncate -s 7000000 s; truncate -s 50000 hole";
  const made = spawnSync("sh", ["-c", script], { cwd: root });
  if (made.status !== 0) throw new Error(made.stderr.toString());
}

function expectSparse(stream: Buffer): void {
  const contents = new Map<string, Buffer>();
  for (const { entry, content } of filesOf(stream)) {
    if (entry.type !== "file") continue;
    const whole = Buffer.alloc(entry.sizeBytes);
    let at = 0;
    for (const { offsetBytes, lengthBytes } of entry.sparseMap ?? [{ offsetBytes: 0, lengthBytes: entry.sizeBytes }]) {
      content.copy(whole, offsetBytes, at, at + lengthBytes);
      at += lengthBytes;
    }
    expect(at).toBe(content.length);
    contents.set(Buffer.from(entry.path).toString(), whole);
  }
  expect([...contents.keys()].sort()).toEqual(["hole", "s"]);
  expect(contents.get("hole")!.equals(Buffer.alloc(50_000))).toBe(true);
  const sparse = contents.get("s")!;
  expect(sparse.length).toBe(7_000_000);
  for (let index = 0; index < 60; index += 1) {
    expect(sparse.toString("latin1", index * 100_000, index * 100_000 + 6)).toBe(`data${String(index).padStart(2, "0")}`);
  }
}

function filesOf(stream: Uint8Array): { entry: TarEntry; content: Buffer }[] {
  const files: { entry: TarEntry; parts: Buffer[] }[] = [];
  const reader = new TarReader({
    entry: (entry) => files.push({ entry, parts: [] }),
    data: (chunk) => files.at(-1)!.parts.push(Buffer.from(chunk)),
    end: () => undefined,
  });
  reader.push(stream);
  expect(reader.finish()).toBe("end-marker");
  return files.map(({ entry, parts }) => ({ entry, content: Buffer.concat(parts) }));
}

const entriesOf = (stream: Uint8Array): TarEntry[] => filesOf(stream).map(({ entry }) => entry);
const walked = (root: string): TarEntry[] => [...walkLocal(root)].map(({ entry }) => entry);

function attributesOf(entry: TarEntry): Record<string, string> {
  return Object.fromEntries(
    (entry.xattrs ?? []).map(({ name, value }) => [Buffer.from(name).toString(), Buffer.from(value).toString("hex")]),
  );
}

function summary(entries: readonly TarEntry[], subSecond: boolean): string[] {
  return entries
    .map(({ path, type, mode, sizeBytes, mtimeNs, linkTarget }) => {
      const time = subSecond ? mtimeNs : mtimeNs / 1_000_000_000n;
      const target = Buffer.from(linkTarget ?? []).toString();
      return `${Buffer.from(path).toString()} ${type} ${mode.toString(8)} ${String(sizeBytes)} ${String(time)} ${target}`;
    })
    .sort();
}

/** The stream without the entries that are not wanted, cut at their headers. */
function onlyEntries(stream: Buffer, wanted: (entry: TarEntry) => boolean): Buffer {
  const starts: { readonly at: number; readonly keep: boolean }[] = [];
  let consumed = 0;
  const reader = new TarReader({
    entry: (entry) => {
      starts.push({ at: consumed, keep: wanted(entry) });
    },
    data: () => undefined,
    end: () => undefined,
  });
  let begins = 0;
  const cuts: { readonly from: number; readonly keep: boolean }[] = [];
  for (let at = 0; at < stream.length; at += 512) {
    const before = starts.length;
    reader.push(stream.subarray(at, at + 512));
    consumed = at + 512;
    if (starts.length > before) cuts.push({ from: begins, keep: starts.at(-1)!.keep });
    if (reader.finish() === "between-entries") begins = consumed;
  }
  const end = stream.length - 1024;
  const kept = cuts
    .filter(({ keep }) => keep)
    .map(({ from }) => stream.subarray(from, Math.min(cuts.find((cut) => cut.from > from)?.from ?? end, end)));
  return Buffer.concat([...kept, stream.subarray(end)]);
}
