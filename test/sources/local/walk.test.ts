import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, linkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  compareWithBase,
  compileExclusion,
  LinkGroups,
  walkLocal,
  type WalkNotice,
  type WalkOptions,
} from "../../../src/sources/local/index.ts";
import { isRoot, makeSampleTree } from "./sample-tree.ts";

/** For the scripts that run as another user or in a mount namespace of their own. */
const walkModule = JSON.stringify(new URL("../../../src/sources/local/index.ts", import.meta.url).pathname);

let folder = "";
let notices: WalkNotice[] = [];
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/strongroom-walk-`);
  notices = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const walk = (options: WalkOptions = {}) => [
  ...walkLocal(folder, {
    notice: (notice) => {
      notices.push(notice);
    },
    ...options,
  }),
];
const paths = (options: WalkOptions = {}): string[] => walk(options).map(({ entry }) => text(entry.path));

function makeFiles(...names: string[]): void {
  for (const name of names) {
    mkdirSync(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    writeFileSync(`${folder}/${name}`, name);
  }
}

describe("the walk", () => {
  it("gives a directory before what is in it, in the order of bytes, the root first", () => {
    makeFiles("b/z", "b/a", "b.txt", "a", "B/x");
    expect(paths()).toEqual([".", "B", "B/x", "a", "b", "b/a", "b/z", "b.txt"]);
  });

  it("puts a source below its prefix", () => {
    makeFiles("d/f");
    linkSync(`${folder}/d/f`, `${folder}/g`);
    const walked = walk({ prefix: Buffer.from("home/ann") });
    expect(walked.map(({ entry }) => text(entry.path))).toEqual(["home/ann", "home/ann/d", "home/ann/d/f", "home/ann/g"]);
    expect(walked.map(({ sourcePath }) => text(sourcePath))).toEqual([".", "d", "d/f", "g"]);
    expect(text(walked[3]!.entry.linkTarget!)).toBe("home/ann/d/f");
    expect(text(walked[2]!.absolutePath)).toBe(`${folder}/d/f`);
  });

  it("lists what a directory holds, so that a restore can remove what is gone", () => {
    makeFiles("d/f", "e", "left-out");
    const root = walk({ exclude: ["left-out"] })[0]!;
    expect(root.children!.map(({ name, type, sizeBytes }) => [text(name), type, sizeBytes])).toEqual([
      ["d", "directory", 0],
      ["e", "file", 1],
    ]);
  });

  it("is lazy: it reads a directory only when it gets there", () => {
    makeFiles("a/x", "b/x");
    const walked = walkLocal(folder);
    walked.next();
    walked.next();
    rmSync(`${folder}/b`, { recursive: true });
    expect([...walked].map(({ entry }) => text(entry.path))).toEqual(["a/x", "b"]);
  });

  it("stores a file with several names once, and forgets it when all were met", () => {
    makeFiles("a");
    linkSync(`${folder}/a`, `${folder}/b`);
    linkSync(`${folder}/a`, `${folder}/c`);
    expect(walk().map(({ entry }) => [text(entry.path), entry.type, text(entry.linkTarget ?? Buffer.alloc(0))])).toEqual([
      [".", "directory", ""],
      ["a", "file", ""],
      ["b", "hardlink", "a"],
      ["c", "hardlink", "a"],
    ]);
    const groups = new LinkGroups(1);
    expect(groups.meet({ device: 1n, inode: 1n, links: 2 }, Buffer.from("a"))).toBeUndefined();
    expect(groups.meet({ device: 1n, inode: 2n, links: 2 }, Buffer.from("b"))).toBeUndefined();
    expect(groups.overflowed).toBe(true);
    expect(groups.meet({ device: 1n, inode: 2n, links: 2 }, Buffer.from("c"))).toBeUndefined();
    expect(text(groups.meet({ device: 1n, inode: 1n, links: 2 }, Buffer.from("d"))!)).toBe("a");
  });

  it("finds everything that an entry can have", () => {
    makeSampleTree(folder);
    const byPath = new Map(walk().map((walked) => [text(walked.entry.path), walked]));
    expect(notices).toEqual([]);
    expect(byPath.get("block")!.entry.mtimeNs).toBe(-1_500_000_001n);
    expect(
      byPath
        .get("block")!
        .entry.xattrs!.map(({ name }) => text(name))
        .sort(),
    ).toEqual(["user.binary", "user.empty", "user.with=sign%25"]);
    expect(byPath.get("two-blocks-and-one")!.entry.aclAccess).toBe(
      "user::rw-,user:3000000001:rw-,group::r--,mask::rw-,other::---",
    );
    expect(byPath.get("empty")!.entry.aclDefault).toBe("user::rwx,group::r-x,group:4321:r-x,mask::r-x,other::---");
    expect(byPath.get("empty")!.entry.xattrs!.map(({ name }) => text(name))).toEqual(["user.on-directory"]);
    expect(byPath.get("huge")!.entry.sizeBytes).toBe(9 * 1024 ** 3);
    expect(byPath.get("huge")!.entry.sparseMap!.length).toBe(1);
    expect(byPath.get("all-hole")!.entry.sparseMap).toEqual([]);
    expect(byPath.get("block")!.entry.sparseMap).toBeUndefined();
    expect(byPath.get("fifo")!.entry.type).toBe("fifo");
    expect(text(byPath.get("link")!.entry.linkTarget!)).toBe("dir/plain.txt");
    if (isRoot) {
      expect(byPath.get("disk")!.entry).toMatchObject({ type: "block-device", device: { major: 259, minor: 1_000_000 } });
    } else console.log("devices not checked: needs root");
  });

  it("notes sockets and leaves them out", async () => {
    makeFiles("a");
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(`${folder}/socket`, resolve);
    });
    expect(paths()).toEqual([".", "a"]);
    expect(notices.map(({ severity, code }) => [severity, code])).toEqual([["note", "SOCKET_LEFT_OUT"]]);
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  it.skipIf(!isRoot)(
    `notes a directory that it may not read, and goes on (${isRoot ? "as another user" : "needs root to become another user"})`,
    () => {
      makeFiles("closed/secret", "open/file");
      chmodSync(folder, 0o755);
      chmodSync(`${folder}/closed`, 0o700);
      const script = `
      const { walkLocal } = await import(${walkModule});
      process.setgroups([]); process.setegid(65534); process.seteuid(65534);
      const notice = ({ severity, code, sourcePath }) => console.log(severity, code, String(Buffer.from(sourcePath)));
      for (const { entry, children } of walkLocal(process.argv[1], { notice })) {
        console.log(String(Buffer.from(entry.path)), entry.type === "directory" ? children?.length ?? "not listed" : "");
      }`;
      const readable = spawnSync(process.execPath, ["--input-type=module", "-e", script, folder], { encoding: "utf8" });
      expect(readable.stderr).toBe("");
      expect(readable.stdout.trim().split("\n")).toEqual([
        ". 2",
        "err DIRECTORY_UNREADABLE closed",
        "closed not listed",
        "open 1",
        "open/file",
      ]);
    },
  );

  it("stays on one file system when told to", () => {
    if (spawnSync("unshare", ["-m", "true"]).status !== 0) {
      console.log("not checked: needs root and unshare");
      return;
    }
    makeFiles("here");
    mkdirSync(`${folder}/mounted`);
    const script = `
      const { walkLocal } = await import(${walkModule});
      const notice = ({ code }) => console.log(code);
      for (const { entry } of walkLocal(process.argv[1], { oneFileSystem: true, notice })) {
        console.log(String(Buffer.from(entry.path)));
      }`;
    const command = `mount -t tmpfs none "$1/mounted" && touch "$1/mounted/there" && "$2" --input-type=module -e "$3" "$1"`;
    const run = spawnSync("unshare", ["-m", "sh", "-c", command, "sh", folder, process.execPath, script], { encoding: "utf8" });
    expect(run.stdout.trim().split("\n")).toEqual([".", "here", "OTHER_FILE_SYSTEM", "mounted"]);
  });

  it("resolves links in the root's own path, and follows none below it", () => {
    makeFiles("real/file");
    symlinkSync("real", `${folder}/link`);
    expect([...walkLocal(`${folder}/link`)].map(({ entry }) => text(entry.path))).toEqual([".", "file"]);
    expect(paths()).toEqual([".", "link", "real", "real/file"]);
  });

  it("takes a tree as deep as a shell script can make it", () => {
    const made = spawnSync(
      "sh",
      ["-c", "i=0; while [ $i -lt 1500 ]; do mkdir deeper && cd -P deeper || exit 1; i=$((i+1)); done; touch leaf"],
      { cwd: folder },
    );
    expect(made.status).toBe(0);
    expect(paths()).toHaveLength(1502);
    expect(notices).toEqual([]);
  });

  it("says which source is missing", () => {
    expect(() => [...walkLocal(`${folder}/nowhere`)]).toThrow(expect.objectContaining({ code: "SOURCE_MISSING" }));
  });
});

describe("exclude patterns", () => {
  const excluded = (pattern: string, path: string, directory = false): boolean =>
    compileExclusion([pattern])(Buffer.from(path), directory);

  for (const [pattern, yes, no] of [
    ["*.o", ["a.o", "x/y/a.o", ".o"], ["a.oo", "o"]],
    ["cache", ["cache", "a/b/cache"], ["cache2", "a/mycache"]],
    ["/cache", ["cache"], ["a/cache"]],
    ["a/*/c", ["a/b/c"], ["a/c", "a/b/b/c", "x/a/b/c"]],
    ["a/**/c", ["a/c", "a/b/c", "a/b/b/c"], ["x/a/c"]],
    ["a/**", ["a/b", "a/b/c"], ["a", "b/a"]],
    ["**/c", ["c", "a/c", "a/b/c"], ["cc", "a/cc"]],
    ["?", ["a", "x/b"], ["ab", ""]],
    ["[a-c]x", ["ax", "bx"], ["dx", "x"]],
    ["[!a]x", ["bx"], ["ax", "/x"]],
    ["\\*", ["*"], ["a"]],
    ["a.b+(c)|d", ["a.b+(c)|d"], ["axb", "d"]],
    ["new\nline*", ["new\nline", "new\nline\n"], ["newline"]],
    ["größe", ["größe"], ["groesse"]],
  ] as const) {
    it(`${JSON.stringify(pattern)} means what it says`, () => {
      for (const path of yes) expect(excluded(pattern, path), path).toBe(true);
      for (const path of no) expect(excluded(pattern, path), path).toBe(false);
    });
  }

  it("with a slash at the end are for directories", () => {
    expect(excluded("tmp/", "tmp", true)).toBe(true);
    expect(excluded("tmp/", "tmp", false)).toBe(false);
  });

  it("take what is below a directory with it", () => {
    makeFiles("keep/a", "drop/a/b", "c.o");
    expect(paths({ exclude: ["drop/", "*.o"] })).toEqual([".", "keep", "keep/a"]);
  });

  it("that cannot be understood are refused", () => {
    for (const pattern of ["", "a\0b", "[z-a]", "x".repeat(5000)]) {
      expect(() => compileExclusion([pattern])).toThrow(expect.objectContaining({ code: "EXCLUDE_PATTERN" }));
    }
  });
});

describe("comparison with the last snapshot", () => {
  const base = { type: "file" as const, sizeBytes: 1, mtimeNs: 2n, ctimeNs: 3n, inode: 4n };

  it("trusts equality of type, size, times and inode, and nothing less", () => {
    expect(compareWithBase(base, { ...base })).toBe("unchanged");
    for (const change of [{ type: "fifo" as const }, { sizeBytes: 2 }, { mtimeNs: 0n }, { ctimeNs: 0n }, { inode: 0n }]) {
      expect(compareWithBase({ ...base, ...change }, base)).toBe("changed");
    }
  });
});
