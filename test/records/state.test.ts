import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createState, lockFile, openState, replaceFile } from "../../src/records/index.ts";
import type { StrongroomError } from "../../src/words/index.ts";
import { codeOf, temporaryFolder } from "./temporary.ts";

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, "state of ann's");
});
afterEach(() => {
  folder.remove();
});

function failureOf(action: () => unknown): StrongroomError {
  try {
    action();
  } catch (thrown) {
    return thrown as StrongroomError;
  }
  throw new Error("nothing was thrown");
}

describe("the state folder", () => {
  it("is private from the start, with its subfolders", () => {
    const state = createState(path);
    for (const made of [state.path, state.jobsPath, state.spoolPath, state.keysPath]) {
      expect(statSync(made).mode & 0o7777).toBe(0o700);
    }
    expect(openState(path).databasePath).toBe(join(path, "strongroom.db"));
  });

  it("is only made where nothing is", () => {
    mkdirSync(path, { mode: 0o700 });
    writeFileSync(join(path, "something"), "", { mode: 0o600 });
    expect(codeOf(() => createState(path))).toBe("STATE_NOT_EMPTY");
    expect(readdirSync(path)).toEqual(["something"]);
    expect(codeOf(() => openState(join(folder.path, "missing")))).toBe("STATE_MISSING");
  });

  it.each(["", "config.json", "strongroom.db", "keys", "keys/signing.asc", "spool"])(
    "is refused while others reach it: %s",
    (name) => {
      createState(path);
      const target = join(path, name);
      if (/\.\w+$/.test(name)) writeFileSync(target, "", { mode: 0o600 });
      expect(openState(path).path).toBe(path);
      for (const bits of [0o040, 0o020, 0o010, 0o004, 0o002, 0o001]) {
        chmodSync(target, (statSync(target).isDirectory() ? 0o700 : 0o600) | bits);
        const failure = failureOf(() => openState(path));
        expect(failure).toMatchObject({ code: "STATE_TOO_OPEN", kind: "denied" });
        // The hint is a command: doing what it says must be enough.
        expect(spawnSync("sh", ["-c", failure.hint!]).status).toBe(0);
        expect(openState(path).path).toBe(path);
      }
    },
  );

  it("is refused when it belongs to somebody else", () => {
    createState(path);
    expect(failureOf(() => openState(path, { userId: 4242 }))).toMatchObject({ code: "STATE_TOO_OPEN" });
    if (process.geteuid?.() !== 0) return;
    writeFileSync(join(path, "config.json"), "{}", { mode: 0o600 });
    chownSync(join(path, "config.json"), 4242, 4242);
    const failure = failureOf(() => openState(path));
    expect(failure.hint).toContain("chown 0 ");
    expect(spawnSync("sh", ["-c", failure.hint!]).status).toBe(0);
    expect(openState(path).path).toBe(path);
  });

  it("has one command to mend many files", () => {
    createState(path);
    const names = Array.from({ length: 20 }, (_, index) => join(path, `copy ${String(index)}`));
    for (const name of names) {
      writeFileSync(name, "");
      chmodSync(name, 0o644);
    }
    const failure = failureOf(() => openState(path));
    expect(failure.hint!.length).toBeLessThan(400);
    expect(spawnSync("sh", ["-c", failure.hint!]).status).toBe(0);
    expect(openState(path).path).toBe(path);
  });

  it("is refused when links lead out of it", () => {
    createState(path);
    rmSync(join(path, "keys"), { recursive: true });
    symlinkSync(folder.path, join(path, "keys"));
    expect(codeOf(() => openState(path))).toBe("STATE_IS_LINK");
    const other = join(folder.path, "link");
    symlinkSync(path, other);
    expect(codeOf(() => openState(other))).toBe("STATE_IS_LINK");
  });

  it("has hints that work for any name", () => {
    const odd = join(folder.path, "a'b\n$(touch x) \\ \x1b[2J");
    createState(odd);
    chmodSync(odd, 0o755);
    const failure = failureOf(() => openState(odd));
    for (const unsafe of ["\n", "\x1b"]) expect(failure.message + failure.hint!).not.toContain(unsafe);
    expect(spawnSync("sh", ["-c", failure.hint!], { cwd: folder.path }).status).toBe(0);
    expect(openState(odd).path).toBe(odd);
    expect(readdirSync(folder.path)).toHaveLength(1);
  });
});

describe("replacing a file", () => {
  it("leaves the new one alone, private, and no draft", () => {
    const target = join(folder.path, "config.json");
    writeFileSync(target, "old", { mode: 0o644 });
    replaceFile(target, "new");
    expect(readFileSync(target, "utf8")).toBe("new");
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path)).toEqual(["config.json"]);
    mkdirSync(join(folder.path, "folder"));
    expect(() => {
      replaceFile(join(folder.path, "folder"), "new");
    }).toThrow();
    expect(readdirSync(folder.path).sort()).toEqual(["config.json", "folder"]);
  });
});

describe("a lock", () => {
  it("is held by one, who is named to the other, and is free when released", () => {
    const state = createState(path);
    const lock = state.lock("spool", "archive run photos");
    const failure = failureOf(() => state.lock("spool", "another"));
    expect(failure).toMatchObject({ code: "LOCK_HELD", kind: "busy" });
    expect(failure.message).toBe(`spool.lock is in use by process ${String(process.pid)}: archive run photos`);
    state.lock("drive-0", "something else").release();
    lock.release();
    lock.release();
    state.lock("spool", "another").release();
  });

  it("ends with its process, however that ends", async () => {
    const target = join(folder.path, "x.lock");
    const module = fileURLToPath(new URL("../../src/records/index.ts", import.meta.url));
    const script = `import { lockFile } from ${JSON.stringify(module)};
      lockFile(${JSON.stringify(target)}, { processId: process.pid, purpose: "\\x1b[2J a child" });
      process.stdout.write("held"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const failure = failureOf(() => lockFile(target, { processId: 1, purpose: "late" }));
    expect(failure.message).toContain(`process ${String(child.pid)}`);
    expect(failure.message).not.toContain("\x1b");
    child.kill("SIGKILL");
    await once(child, "exit");
    lockFile(target, { processId: 1, purpose: "next" }).release();
  });
});
