import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as posix from "posix-entries";

let folder = "";
let fd = -1;
const bytes = (text: string): Buffer => Buffer.from(text);
const inFolder = (name: string): Buffer => bytes(`${folder}/${name}`);
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/strongroom-posix-`);
  fd = posix.openDirectory(bytes(folder));
});
afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true, force: true });
});

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "no code";
  }
  return "no error";
}

describe("reading", () => {
  it("lists names in the order of their bytes, with what lstat tells", () => {
    const odd = Buffer.of(0xff, 0x0a);
    for (const name of ["b", "a", "B", "ab"]) writeFileSync(`${folder}/${name}`, name);
    writeFileSync(Buffer.concat([bytes(`${folder}/`), odd]), "");
    symlinkSync("a", `${folder}/link`);
    const items = posix.readDirectory(bytes(folder));
    expect(items.map(({ name }) => Buffer.from(name).toString("latin1"))).toEqual(["B", "a", "ab", "b", "link", "\u00ff\n"]);
    for (const item of items) {
      const told = lstatSync(Buffer.concat([bytes(`${folder}/`), item.name]), { bigint: true });
      expect(item).toMatchObject({
        mode: Number(told.mode),
        uid: Number(told.uid),
        gid: Number(told.gid),
        sizeBytes: Number(told.size),
        mtimeNs: told.mtimeNs,
        ctimeNs: told.ctimeNs,
        inode: told.ino,
        device: told.dev,
        links: Number(told.nlink),
        blocks: Number(told.blocks),
        hasXattrs: false,
      });
      expect(item.error).toBeUndefined();
    }
  });

  it("answers empty for an empty directory, and says what is wrong with others", () => {
    expect(posix.readDirectory(bytes(folder))).toEqual([]);
    writeFileSync(`${folder}/file`, "");
    symlinkSync(".", `${folder}/link`);
    expect(codeOf(() => posix.readDirectory(inFolder("nothing")))).toBe("ENOENT");
    expect(codeOf(() => posix.readDirectory(inFolder("file")))).toBe("ENOTDIR");
    expect(["ELOOP", "ENOTDIR"]).toContain(codeOf(() => posix.readDirectory(inFolder("link"))));
  });

  it("lists more names than fit into one first allocation", () => {
    const names = Array.from({ length: 1000 }, (_, index) => `name-${String(index).padStart(4, "0")}`);
    for (const name of names.toReversed()) writeFileSync(`${folder}/${name}`, "");
    expect(posix.readDirectory(bytes(folder)).map(({ name }) => Buffer.from(name).toString())).toEqual(names);
  });

  it("takes paths longer than PATH_MAX", () => {
    let parent = posix.openDirectory(bytes(folder));
    let path = folder;
    const name = "n".repeat(250);
    for (let depth = 0; depth < 40; depth += 1) {
      posix.makeDirectoryAt(parent, bytes(name), 0o700);
      const next = posix.openDirectoryAt(parent, bytes(name));
      closeSync(parent);
      parent = next;
      path += `/${name}`;
    }
    const file = posix.createFileAt(parent, bytes("leaf"), 0o600);
    writeSync(file, "deep");
    closeSync(file);
    closeSync(parent);
    expect(path.length).toBeGreaterThan(10_000);
    expect(posix.readDirectory(bytes(path)).map(({ name: leaf }) => Buffer.from(leaf).toString())).toEqual(["leaf"]);
    expect(posix.examine(bytes(`${path}/leaf`)).sizeBytes).toBe(4);
    const opened = posix.openForReading(bytes(`${path}/leaf`));
    const content = Buffer.alloc(4);
    readSync(opened, content);
    closeSync(opened);
    expect(content.toString()).toBe("deep");
  });

  it("follows no symlink, neither at the end nor on the way", () => {
    mkdirSync(`${folder}/dir`);
    writeFileSync(`${folder}/dir/file`, "x");
    symlinkSync("dir", `${folder}/way`);
    symlinkSync("dir/file", `${folder}/end`);
    for (const path of ["way/file", "end"]) expect(codeOf(() => posix.openForReading(inFolder(path)))).toBe("ELOOP");
    expect(["ELOOP", "ENOTDIR"]).toContain(codeOf(() => posix.examine(inFolder("way/file"))));
    expect(Buffer.from(posix.readLink(inFolder("end"))).toString()).toBe("dir/file");
  });

  it("does not wait for a writer of a fifo that took a file's place", () => {
    posix.makeNodeAt(fd, bytes("fifo"), 0o010600, 0, 0);
    closeSync(posix.openForReading(inFolder("fifo")));
  });

  it("finds the extents of a sparse file", () => {
    const file = openSync(`${folder}/sparse`, "w+");
    writeSync(file, "x".repeat(4096), 1024 * 1024);
    truncateSync(`${folder}/sparse`, 4 * 1024 * 1024);
    const extents = posix.dataExtents(file, 4 * 1024 * 1024);
    expect(posix.dataExtents(file, 0)).toEqual([]);
    closeSync(file);
    expect(extents).toEqual([{ offsetBytes: 1024 * 1024, lengthBytes: 4096 }]);
  });

  it("reads attributes, binary and empty ones", () => {
    writeFileSync(`${folder}/file`, "");
    posix.setXattrAt(fd, bytes("file"), bytes("user.binary"), Buffer.of(0, 0xff));
    posix.setXattrAt(fd, bytes("file"), bytes("user.empty"), new Uint8Array());
    expect(posix.examine(inFolder("file")).hasXattrs).toBe(true);
    const found = posix
      .readXattrs(inFolder("file"))
      .map(({ name, value }) => `${Buffer.from(name).toString()}=${Buffer.from(value).toString("hex")}`);
    expect(found.sort()).toEqual(["user.binary=00ff", "user.empty="]);
    expect(posix.removeXattrAt(fd, bytes("file"), bytes("user.binary"))).toBe(true);
    expect(posix.removeXattrAt(fd, bytes("file"), bytes("user.empty"))).toBe(true);
    expect(posix.removeXattrAt(fd, bytes("file"), bytes("user.empty"))).toBe(false);
    expect(codeOf(() => posix.removeXattrAt(fd, bytes("nothing"), bytes("user.empty")))).toBe("ENOENT");
    expect(posix.examineAt(fd, bytes("file"))!.hasXattrs).toBe(false);
  });
});

describe("making", () => {
  it("takes one component and nothing else", () => {
    for (const name of ["", ".", "..", "a/b", "/a", "a\0b"]) {
      expect(
        codeOf(() => {
          posix.makeDirectoryAt(fd, bytes(name), 0o700);
        }),
      ).toBe("EINVAL");
    }
    expect(
      codeOf(() => {
        posix.makeDirectoryAt(fd, bytes("n".repeat(256)), 0o700);
      }),
    ).toBe("ENAMETOOLONG");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses arguments of the wrong kind instead of guessing", () => {
    const wrong = posix as unknown as Record<string, (...values: unknown[]) => unknown>;
    expect(codeOf(() => wrong["makeDirectoryAt"]!("fd", bytes("a"), 0o700))).toBe("ERR_INVALID_ARG");
    expect(codeOf(() => wrong["makeDirectoryAt"]!(fd, "a", 0o700))).toBe("ERR_INVALID_ARG");
    expect(codeOf(() => wrong["makeDirectoryAt"]!(fd, bytes("a"), -1))).toBe("ERR_INVALID_ARG");
    expect(codeOf(() => wrong["makeDirectoryAt"]!(fd))).toBe("ERR_INVALID_ARG");
    expect(codeOf(() => wrong["examineAt"]!(2 ** 40, bytes("a")))).toBe("ERR_INVALID_ARG");
  });

  it("creates files only where nothing is, and opens only regular ones", () => {
    closeSync(posix.createFileAt(fd, bytes("file"), 0o600));
    symlinkSync("file", `${folder}/link`);
    posix.makeNodeAt(fd, bytes("fifo"), 0o010600, 0, 0);
    expect(codeOf(() => posix.createFileAt(fd, bytes("file"), 0o600))).toBe("EEXIST");
    expect(codeOf(() => posix.createFileAt(fd, bytes("link"), 0o600))).toBe("EEXIST");
    expect(codeOf(() => posix.openFileAt(fd, bytes("link")))).toBe("ELOOP");
    expect(codeOf(() => posix.openFileAt(fd, bytes("fifo")))).toBe("EINVAL");
    closeSync(posix.openFileAt(fd, bytes("file")));
    symlinkSync(".", `${folder}/dir-link`);
    expect(["ELOOP", "ENOTDIR"]).toContain(codeOf(() => posix.openDirectoryAt(fd, bytes("dir-link"))));
  });

  it("renames over something only when told to", () => {
    writeFileSync(`${folder}/new`, "new");
    writeFileSync(`${folder}/old`, "old");
    expect(
      codeOf(() => {
        posix.renameAt(fd, bytes("new"), fd, bytes("old"), false);
      }),
    ).toBe("EEXIST");
    expect(readFileSync(`${folder}/old`, "utf8")).toBe("old");
    posix.renameAt(fd, bytes("new"), fd, bytes("old"), true);
    expect(readFileSync(`${folder}/old`, "utf8")).toBe("new");
  });

  it("changes times, modes and links of a symlink itself, or not at all", () => {
    writeFileSync(`${folder}/file`, "");
    posix.setTimesAt(fd, bytes("file"), 1_000_000_000_123_456_789n);
    posix.symlinkAt(bytes("file"), fd, bytes("link"));
    posix.setTimesAt(fd, bytes("link"), -1n);
    expect(posix.examineAt(fd, bytes("link"))!.mtimeNs).toBe(-1n);
    expect(posix.examineAt(fd, bytes("file"))!.mtimeNs).toBe(1_000_000_000_123_456_789n);
    const before = statSync(`${folder}/file`).mode;
    expect(["ELOOP", "EOPNOTSUPP"]).toContain(
      codeOf(() => {
        posix.changeModeAt(fd, bytes("link"), 0o777);
      }),
    );
    expect(statSync(`${folder}/file`).mode).toBe(before);
    posix.linkAt(fd, bytes("link"), fd, bytes("second"));
    expect(lstatSync(`${folder}/second`).isSymbolicLink()).toBe(true);
    posix.unlinkAt(fd, bytes("second"), false);
    expect(
      codeOf(() => {
        posix.unlinkAt(fd, bytes("second"), false);
      }),
    ).toBe("ENOENT");
  });

  it("names both halves of a failure", () => {
    try {
      expect(posix.examineAt(fd, bytes("nothing"))).toBeUndefined();
      posix.examine(inFolder("nothing"));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "ENOENT", errno: -2, syscall: "lstat" });
    }
  });
});

it("knows accounts by number and name", () => {
  expect(posix.userName(0)).toBe("root");
  expect(posix.userId("root")).toBe(0);
  expect(posix.groupName(0)).toBe("root");
  expect(posix.groupId("root")).toBe(0);
  expect(posix.userName(4_000_000_123)).toBeUndefined();
  for (const name of ["", "no such account", "a\0b", "n".repeat(300)]) expect(posix.userId(name)).toBeUndefined();
});

it("says how much room is free", () => {
  expect(posix.freeBytes(fd)).toBeGreaterThan(0);
});

it("makes a file system durable, and says what cannot be asked", () => {
  posix.syncFileSystem(fd);
  const closed = openSync(folder, "r");
  closeSync(closed);
  expect(() => { posix.syncFileSystem(closed); }).toThrow(expect.objectContaining({ code: "EBADF", syscall: "syncfs" }));
});

it("locks a file against others until their process ends, however it ends", async () => {
  writeFileSync(`${folder}/lock`, "");
  linkSync(`${folder}/lock`, `${folder}/same-file`);
  const script = `
    import { openSync } from "node:fs";
    import { tryLock } from "posix-entries";
    process.stdout.write(String(tryLock(openSync(process.argv[1], "r+"))));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, `${folder}/lock`], { cwd: import.meta.dirname });
  const exited = once(child, "exit");
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  expect(said.toString()).toBe("true");
  const own = openSync(`${folder}/same-file`, "r+");
  expect(posix.tryLock(own)).toBe(false);
  child.kill("SIGKILL");
  await exited;
  expect(posix.tryLock(own)).toBe(true);
  posix.unlock(own);
  closeSync(own);
});
