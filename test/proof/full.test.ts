import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLibrary } from "../../simulator/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import type { Answer } from "../support/command-line.ts";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { differences, makeProofTree } from "../support/proof-tree.ts";

const mebibyte = 1024 * 1024;
const isRoot = process.geteuid?.() === 0;
let appliance: ProofAppliance;

beforeEach(async () => {
  appliance = await makeProofAppliance({ cartridges: 2, capacityBytes: 3 * mebibyte });
  makeProofTree(appliance.at("source"), { files: 40, largeBytes: 900_000 });
});

afterEach(() => { appliance.remove(); });

async function makeArchive(pools: readonly string[], segmentSize = "128KiB"): Promise<void> {
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("source"), ...pools.flatMap((pool) => ["--pool", pool]), "--segment-size", segmentSize]);
}

async function makeFolderVolume(barcode: string, capacity?: string): Promise<void> {
  const line = ["volume", "init", barcode, "--pool", "usb", "--folder", appliance.at(barcode)];
  await appliance.must(capacity === undefined ? line : [...line, "--capacity", capacity]);
}

function configureSpool(spool: { readonly path?: string; readonly maxBytes?: number } | undefined): void {
  const path = appliance.at("state", "config.json");
  const { spool: _before, ...config } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  writeFileSync(path, `${JSON.stringify(spool === undefined ? config : { ...config, spool }, undefined, 2)}\n`);
}

/** One error line and one hint, each a sentence, nothing of the inside of the program. */
function isClear({ err }: Answer): void {
  const line = /^strongroom: error: (.+) \[[A-Z_]+\]$/m.exec(err);
  expect(line, err).not.toBeNull();
  expect(err).toMatch(/^hint: .{10,}$/m);
  expect(err).not.toMatch(/\bat .*\.ts:|undefined|\[object|ENO[A-Z]+|UNEXPECTED/);
}

async function restoresWhole(): Promise<void> {
  rmSync(appliance.at("back"), { recursive: true, force: true });
  await appliance.restore("docs", appliance.at("back"));
  expect(differences(appliance.at("source"), appliance.at("back"))).toBe("");
}

/** A small file system of its own; undefined where this may not be made here. */
function smallDisk(sizeBytes: number): { readonly path: string; unmount(): void } | undefined {
  const path = appliance.at("disk");
  mkdirSync(path);
  const mounted = isRoot ? spawnSync("mount", ["-t", "tmpfs", "-o", `size=${String(sizeBytes)},mode=0700`, "tmpfs", path], { encoding: "utf8" }) : undefined;
  if (mounted?.status !== 0) {
    console.log(`not tried: a small file system needs root and mount (${mounted?.stderr.trim() ?? "not root"})`);
    return undefined;
  }
  return { path, unmount: () => { unmountWhenIdle(path); } };
}

/** Whoever looks over all file systems of the machine keeps it busy meanwhile: then it goes out of sight, and ends when nobody looks any more. */
function unmountWhenIdle(path: string): void {
  for (let tries = 0; tries < 20; tries += 1) {
    if (spawnSync("umount", [path]).status === 0) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  console.log(`${path} is busy for two seconds: unmounted lazily`);
  const { status, stderr } = spawnSync("umount", ["--lazy", path], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

describe("the spool", () => {
  it("waits when it is full, and goes on when segments have left it", async () => {
    configureSpool({ maxBytes: mebibyte });
    await makeArchive(["vault"], "256KiB");
    expect((await appliance.json(["archive", "run", "docs"]))["severity"]).toBe("ok");
    await restoresWhole();
  });

  it("that is smaller than one segment is refused when the archive is made, and nothing is changed", async () => {
    configureSpool({ maxBytes: mebibyte });
    const line = ["archive", "create", "docs", "--source", appliance.at("source"), "--pool", "usb", "--segment-size", "16MiB"];
    const refused = await appliance.run(line);
    expect(refused.code, refused.err).toBe(2);
    expect(refused.err).toContain("a segment must fit into the spool (spool.maxBytes); nothing was changed");
    isClear(refused);
    configureSpool(undefined);
    await appliance.must(line);
  });

  it("on a disk that is full stops the run with one sentence, and the same command goes on when there is room", async () => {
    const disk = smallDisk(200 * 1024);
    if (!disk) return;
    try {
      configureSpool({ path: disk.path });
      await makeArchive(["vault"]);
      const run = await appliance.run(["archive", "run", "docs"]);
      // Only a person can make room there.
      expect(run.code, run.err).toBe(4);
      expect(run.err).toContain("SPOOL_DISK_FULL");
      isClear(run);
    } finally {
      disk.unmount();
    }
    configureSpool(undefined);
    await appliance.must(["archive", "run", "docs"]);
    await restoresWhole();
  });
});

describe("the target of a restore", () => {
  it("that is full is said in one sentence; the same restore goes on in a larger one", async () => {
    const disk = smallDisk(mebibyte);
    if (!disk) return;
    try {
      await makeArchive(["vault"]);
      await appliance.must(["archive", "run", "docs"]);
      const restore = await appliance.run(["file", "restore", "docs", "--to", disk.path, ...appliance.keyOptions]);
      expect(restore.code, restore.err).toBe(1);
      expect(restore.err).toContain("the target has no room left; what was restored so far is whole");
      isClear(restore);
      const left = readdirSync(disk.path, { recursive: true, encoding: "utf8" });
      expect(left.filter((name) => name.includes(".strongroom-"))).toEqual([]);
    } finally {
      disk.unmount();
    }
    await restoresWhole();
  });
});

describe("a folder pool", () => {
  it("goes on in the next folder when one has no room left", async () => {
    for (const barcode of ["USB00001", "USB00002", "USB00003"]) await makeFolderVolume(barcode, "2200KiB");
    await makeArchive(["usb"]);
    const { volumes } = await appliance.json(["archive", "run", "docs"]);
    expect((volumes as unknown[]).length).toBeGreaterThanOrEqual(2);
    await restoresWhole();
  });

  it("without a volume with room asks for one; with it the same command goes on", async () => {
    await makeFolderVolume("USB00001", "1500KiB");
    await makeArchive(["usb"]);
    const run = await appliance.run(["archive", "run", "docs"]);
    expect(run.code, run.err).toBe(4);
    expect(run.err).toContain("pool usb needs a volume with room; what was sealed and placed so far is safe");
    expect(run.err).toContain("strongroom volume init BARCODE --pool usb --folder DIR");
    isClear(run);
    for (const barcode of ["USB00002", "USB00003", "USB00004"]) await makeFolderVolume(barcode, "1800KiB");
    const again = await appliance.json(["archive", "run", "docs"]);
    expect(again["resumed"]).toBe(true);
    await restoresWhole();
  });

  it("passes by a folder that is not attached", async () => {
    for (const barcode of ["USB00001", "USB00002"]) await makeFolderVolume(barcode);
    await makeArchive(["usb"]);
    renameSync(appliance.at("USB00001"), appliance.at("pulled-out"));
    const { volumes } = await appliance.json(["archive", "run", "docs"]);
    expect(volumes).toEqual([{ pool: "usb", barcode: "USB00002" }]);
    renameSync(appliance.at("USB00002"), appliance.at("pulled-out-too"));
    const run = await appliance.run(["archive", "run", "docs"]);
    expect(run.code, run.err).toBe(4);
    expect(run.err).toContain("not attached");
    isClear(run);
  });

  it("on a disk that is full before its figures said so goes on elsewhere", async () => {
    const disk = smallDisk(1600 * 1024);
    if (!disk) return;
    try {
      await appliance.must(["volume", "init", "USB00001", "--pool", "usb", "--folder", disk.path]);
      await makeFolderVolume("USB00002");
      await makeArchive(["usb"]);
      await appliance.must(["archive", "run", "docs"]);
      await restoresWhole();
    } finally {
      disk.unmount();
    }
  });
});

describe("a tape pool", () => {
  it("without a blank cartridge asks for one; imported from a mail slot, it lets the same command go on", async () => {
    for (const barcode of ["SR0001L8", "SR0002L8"]) await appliance.must(["simulator", "protect", appliance.library, barcode]);
    await makeArchive(["vault"]);
    const run = await appliance.run(["archive", "run", "docs", "--json"]);
    expect(run.code, run.err).toBe(4);
    expect(run.err).toContain("pool vault needs a blank cartridge; what was sealed and placed so far is safe");
    expect(run.err).toContain("strongroom library import vtl");
    await appliance.must(["simulator", "insert", appliance.library, "SR0009L8", "--capacity", "8MiB"]);
    await appliance.must(["library", "import", "vtl"]);
    const again = await appliance.json(["archive", "run", "docs"]);
    expect(again).toMatchObject({ resumed: true, volumes: [{ barcode: "SR0009L8" }] });
    await restoresWhole();
  });

  it("does not write on a cartridge whose tab says no, nor does volume init", async () => {
    await appliance.must(["simulator", "protect", appliance.library, "SR0001L8"]);
    const refused = await appliance.run(["volume", "init", "SR0001L8", "--pool", "vault"]);
    expect(refused.code, refused.err).toBe(4);
    expect(refused.err).toContain("cartridge SR0001L8 is write-protected; nothing was written");
    isClear(refused);
    await appliance.must(["drive", "unload", "vtl", "0"]);
    await appliance.must(["simulator", "unprotect", appliance.library, "SR0001L8"]);
    await appliance.must(["volume", "init", "SR0001L8", "--pool", "vault"]);
    await appliance.must(["drive", "unload", "vtl", "0"]);
    await appliance.must(["simulator", "protect", appliance.library, "SR0001L8"]);
    await makeArchive(["vault"]);
    const line = ["archive", "run", "docs"];
    for (const barcode of ["SR0001L8", "SR0002L8"]) await appliance.must(["simulator", "protect", appliance.library, barcode]);
    const run = await appliance.run(line);
    expect(run.code, run.err).toBe(4);
    expect(run.err).toContain("pool vault needs a blank cartridge (SR0001L8 is write-protected)");
    isClear(run);
    await appliance.must(["drive", "unload", "vtl", "0"]);
    await appliance.must(["drive", "unload", "vtl", "1"]);
    for (const barcode of ["SR0001L8", "SR0002L8"]) await appliance.must(["simulator", "unprotect", appliance.library, barcode]);
    await appliance.must(line);
    await restoresWhole();
  });

  it("of which every drive is held by others says so, and goes on when they let go", async () => {
    await makeArchive(["vault"]);
    await appliance.must(["library", "show", "vtl"]);
    const others = await openLibrary(appliance.library, systemRandom);
    try {
      for (const lun of [1, 2]) await others.transport(lun);
      const run = await appliance.run(["archive", "run", "docs"]);
      expect(run.code, run.err).toBe(5);
      expect(run.err).toContain("no drive of library vtl is free; nothing was moved");
      isClear(run);
    } finally {
      await others.close();
    }
    await appliance.must(["archive", "run", "docs"]);
    await restoresWhole();
  });
});

describe("two runs of one archive at once", () => {
  it("are one run: the second is told who does it", async () => {
    await makeFolderVolume("USB00001");
    await makeArchive(["usb"], "64KiB");
    const first = appliance.start(["archive", "run", "docs", "--json"]);
    while (!first.soFar().out.includes('"progress"')) await new Promise((resolve) => { setTimeout(resolve, 2); });
    const second = await appliance.run(["archive", "run", "docs"]);
    expect(second.code, second.err).toBe(5);
    expect(second.err).toContain(`process ${String(first.child.pid)}`);
    expect(second.err).toMatch(/job \d+/);
    isClear(second);
    expect((await first.ended).code).toBe(0);
    await restoresWhole();
  });
});

describe("the state folder", () => {
  it("that others may read is refused, saying how to mend it", async () => {
    chmodSync(appliance.at("state"), 0o755);
    const refused = await appliance.run(["pool", "list"]);
    expect(refused.code, refused.err).toBe(6);
    expect(refused.err).toContain("chmod");
    isClear(refused);
    chmodSync(appliance.at("state"), 0o700);
    await appliance.must(["pool", "list"]);
  });

  it("with a configuration that is broken is refused, naming the line", async () => {
    const path = appliance.at("state", "config.json");
    const whole = readFileSync(path, "utf8");
    for (const [from, to] of [['"kind": "tape"', '"kind": "paper"'], ['"pools": [', '"pools": [ ,'], ['"libraries"', '"librarys"']] as const) {
      expect(whole).toContain(from);
      writeFileSync(path, whole.replace(from, to));
      const line = whole.slice(0, whole.indexOf(from)).split("\n").length;
      const refused = await appliance.run(["pool", "list"]);
      expect(refused.code, refused.err).toBe(2);
      expect(refused.err).toMatch(new RegExp(`line ${String(line)}\\b|line ${String(line + 1)}\\b`));
      isClear(refused);
    }
    writeFileSync(path, whole);
    await appliance.must(["pool", "list"]);
  });
});

describe("the key for a restore", () => {
  it("with a wrong passphrase, of garbage, missing, or of somebody else is refused before anything is restored", async () => {
    await makeFolderVolume("USB00001");
    await makeArchive(["usb"]);
    await appliance.must(["archive", "run", "docs"]);
    writeFileSync(appliance.at("wrong"), "not the passphrase\n");
    writeFileSync(appliance.at("garbage"), Buffer.alloc(5000, 0x9b));
    const key = appliance.at("keys", "operations-private-key.asc");
    const right = appliance.at("passphrase");
    const tries = [
      [key, appliance.at("wrong"), 6],
      [appliance.at("garbage"), right, 2],
      [appliance.at("nowhere"), right, 10],
    ] as const;
    for (const [keyFile, passphraseFile, code] of tries) {
      const line = ["file", "restore", "docs", "--to", appliance.at("back"), "--key", keyFile, "--passphrase-file", passphraseFile];
      const refused = await appliance.run(line);
      expect(refused.code, refused.err).toBe(code);
      isClear(refused);
      expect(refused.out + refused.err).not.toMatch(/[^\P{Cc}\n]/u);
    }
    await restoresWhole();
  });
});
