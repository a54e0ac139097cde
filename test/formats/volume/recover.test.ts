import { spawnSync } from "node:child_process";
import {
  chmodSync, cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFolderMedium, openTapeMedium } from "../../../src/media/index.ts";
import { memoryDrive } from "../../media/memory-drive.ts";
import {
  archiveUuid, dumpMedium, KeyRing, passphrase, type SealedSegment, sealSnapshot, tarOf, writeVolume,
} from "./stock-volume.ts";

const script = new URL("../../../src/formats/volume/recover.sh", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "recover-"));
const at = (...parts: string[]): string => join(folder, ...parts);
const segmentBytes = 128 * 1024;
const shells = ["dash", "busybox sh", "bash --posix"].filter((shell) => {
  const found = spawnSync(shell.split(" ")[0]!, ["-c", "true"]).error === undefined || spawnSync("sh", ["-c", `${shell} -c true`]).status === 0;
  if (!found) console.log(`not tried under ${shell}: it is not installed`);
  return found;
});

let keys: KeyRing;
let first: SealedSegment[];
let second: SealedSegment[];

/** Runs recover.sh as a stranger would: an empty environment, a gpg home that has the recovery key and nothing else. */
function recover(shell: string, ...args: string[]): { status: number | null; out: string; err: string } {
  const [program, ...flags] = shell.split(" ");
  const done = spawnSync("env", ["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", `GNUPGHOME=${at("stranger")}`, program!, ...flags, script, ...args], {
    encoding: "utf8",
    cwd: folder,
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

function differences(one: string, other: string): string {
  return spawnSync("rsync", ["-aHAXnci", "--delete", `${one}/`, `${other}/`], { encoding: "utf8" }).stdout;
}

function makeTree(tree: string): void {
  mkdirSync(join(tree, "docs", "deep"), { recursive: true });
  mkdirSync(join(tree, "empty"));
  for (let index = 0; index < 40; index += 1) writeFileSync(join(tree, "docs", `note-${String(index)}.txt`), `note ${String(index)}\n`.repeat(200));
  const big = Buffer.alloc(500_000);
  for (let byte = 0, state = 7; byte < big.length; byte += 1) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    big[byte] = state >>> 16;
  }
  writeFileSync(join(tree, "docs", "deep", "big.bin"), big);
  writeFileSync(join(tree, "docs", "line\nbreak \u001b[31m 'quote' $(touch pwned)"), "odd name\n");
  writeFileSync(Buffer.concat([Buffer.from(join(tree, "docs", "latin-")), Buffer.from([0xe9])]), "not UTF-8\n");
  linkSync(join(tree, "docs", "note-1.txt"), join(tree, "docs", "hard"));
  symlinkSync("../nowhere", join(tree, "docs", "soft"));
  writeFileSync(join(tree, "sparse"), "start");
  truncateSync(join(tree, "sparse"), 5_000_000);
  chmodSync(join(tree, "docs", "note-2.txt"), 0o4751);
  utimesSync(join(tree, "docs", "note-3.txt"), 1, -86_400.5);
  spawnSync("setfattr", ["-n", "user.note", "-v", "kept", join(tree, "docs", "note-4.txt")]);
  writeFileSync(join(tree, "zz-last.txt"), "the last file\n");
}

/** Everything a stranger may have: two dumped tapes, of which one was interrupted, and a disk with a second copy of all. */
async function writeVolumes(): Promise<void> {
  const all = [...first, ...second];
  const half = Math.floor(all.length / 2);
  const siblings = [{ barcode: "A00001L9", volumeUuid: "00000000-0000-4000-8000-000000000001", place: "vault north, box 7" }];
  const one = await openTapeMedium(memoryDrive(), "A00001L9", { blockSizeBytes: 65_536 });
  await writeVolume(keys, one, all.slice(0, half), { paths: ["docs/note-1.txt", "zz-last.txt"] });
  await dumpMedium(one, at("volumes", "A00001L9"));
  const two = await openTapeMedium(memoryDrive(), "A00002L9");
  await writeVolume(keys, two, all.slice(half), { siblings, trailer: false });
  await dumpMedium(two, at("volumes", "A00002L9"));
  mkdirSync(at("volumes", "disk"));
  const disk = await openFolderMedium(at("volumes", "disk"), "USB00001");
  await writeVolume(keys, disk, all);
  await disk.close();
}

beforeAll(async () => {
  keys = new KeyRing();
  makeTree(at("tree"));
  first = await sealSnapshot(keys, tarOf(at("tree"), at("state")), { number: 1, segmentBytes });
  cpSync(at("tree"), at("tree-1"), { recursive: true });
  spawnSync("rsync", ["-aHAX", "--delete", `${at("tree")}/`, `${at("tree-1")}/`]);
  rmSync(at("tree", "docs", "note-7.txt"));
  rmSync(at("tree", "empty"), { recursive: true });
  writeFileSync(at("tree", "docs", "note-8.txt"), "changed\n");
  writeFileSync(at("tree", "new.txt"), "new\n");
  second = await sealSnapshot(keys, tarOf(at("tree"), at("state")), {
    number: 2, base: 1, segmentBytes, previousSeal: first.at(-1)!.sealObject,
  });
  await writeVolumes();
  mkdirSync(at("stranger"), { mode: 0o700 });
  spawnSync("gpg", ["--homedir", at("stranger"), "--batch", "--import", at("volumes", "disk", "keys", "recovery-key-locked.asc")]);
  writeFileSync(at("passphrase"), `${passphrase}\n`, { mode: 0o600 });
}, 60_000);

afterAll(() => {
  keys.close();
  spawnSync("gpgconf", ["--homedir", at("stranger"), "--kill", "all"]);
  rmSync(folder, { recursive: true, force: true });
});

const volume = (name: string): string => at("volumes", name);

for (const shell of shells) {
  describe(`recover.sh under ${shell}`, () => {
    const target = (name: string): string => at(`${name}-${shell.replace(/\W/g, "")}`);
    const open = ["--passphrase-file", at("passphrase")];

    it("proves whole volumes without any private key", () => {
      const { status, out, err } = recover(shell, "check", volume("A00001L9"), volume("A00002L9"), volume("disk"));
      expect(err).toBe("");
      expect(out).toContain("RESULT: everything is whole");
      expect(out).toContain(keys.signer);
      expect(status).toBe(0);
    }, 60_000);

    it("restores the newest snapshot from tapes with what it builds on", () => {
      const result = recover(shell, "restore", volume("A00001L9"), volume("A00002L9"), "-o", target("newest"), ...open);
      expect(result.err).toBe("");
      expect(result.out).toContain("RESULT: restored\n");
      expect(result.status).toBe(0);
      expect(differences(at("tree"), target("newest"))).toBe("");
    }, 60_000);

    it("restores an earlier snapshot from the disk", () => {
      const result = recover(shell, "restore", volume("disk"), "-o", target("earlier"), "--snapshot", "1", ...open);
      expect(result.status).toBe(0);
      expect(differences(at("tree-1"), target("earlier"))).toBe("");
    }, 60_000);
  });
}

describe("recover.sh", () => {
  const shell = shells[0]!;
  const open = ["--passphrase-file", at("passphrase")];

  it("restores single paths", () => {
    const result = recover(shell, "restore", volume("disk"), "-o", at("single"), ...open, "docs/note-8.txt", "docs/deep");
    expect(result.out).toContain("RESULT: restored\n");
    expect(readFileSync(at("single", "docs", "note-8.txt"), "utf8")).toBe("changed\n");
    expect(readdirSync(at("single", "docs")).sort()).toEqual(["deep", "note-8.txt"]);
    const absent = recover(shell, "restore", volume("disk"), "-o", at("single"), ...open, "absent");
    expect(absent.out).toContain("NOT FOUND absent");
    expect(absent.status).toBe(1);
  }, 60_000);

  it("finds a name in the catalog", () => {
    const { out, status } = recover(shell, "catalog", volume("A00001L9"), "-n", "zz-last", ...open);
    expect(status).toBe(0);
    expect(out.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ line: "gone", path: "zz-last.txt" });
  }, 60_000);

  it("says which segments are missing and where they may be", () => {
    const { out, status } = recover(shell, "list", volume("A00002L9"));
    expect(status).toBe(1);
    expect(out).toMatch(new RegExp(`archive ${archiveUuid} {2}snapshot 1 {2}\\(full\\)`));
    expect(out).toContain("MISSING segments: 1,2");
    expect(out).toContain("A00001L9  last known place: vault north, box 7");
  }, 60_000);

  it("takes a good copy where another is damaged", () => {
    copyVolume("A00001L9", "damaged");
    flipBit(at("damaged", "000003"), 5000);
    const result = recover(shell, "restore", at("damaged"), volume("A00002L9"), volume("disk"), "-o", at("healed"), ...open);
    expect(result.status).toBe(0);
    expect(differences(at("tree"), at("healed"))).toBe("");
  }, 60_000);

  it("restores what is whole when a segment is gone, and never passes off a part as a whole", () => {
    copyVolume("disk", "gap");
    const inBig = first.findIndex(({ seal }) => seal.firstMemberOffsetBytes === undefined);
    flipBit(at("gap", `${String(1 + 2 * inBig).padStart(6, "0")}-segment.pgp`), 100);
    const { out, status } = recover(shell, "restore", at("gap"), "-o", at("gapped"), "--snapshot", "1", ...open);
    expect(status).toBe(1);
    expect(out).toContain(`no good copy of segments ${String(inBig + 1)} to ${String(inBig + 1)}`);
    expect(out).toContain("INCOMPLETE ./docs/deep/big.bin");
    expect(existsSync(at("gapped", "docs", "deep", "big.bin"))).toBe(false);
    const lines = differences(at("tree-1"), at("gapped")).trim().split("\n").filter((line) => !line.includes("d..t"));
    expect(lines.sort()).toEqual(["*deleting   docs/deep/big.bin.incomplete", ">f+++++++++ docs/deep/big.bin"]);
  }, 60_000);

  it("names every object that has a flipped bit", () => {
    const names = readdirSync(volume("disk")).filter((name) => /^\d{6}-/.test(name));
    const trailer = names.at(-1)!;
    for (const name of [names[0]!, names[1]!, names[2]!, trailer]) {
      copyVolume("disk", "flipped");
      flipBit(at("flipped", name), name === trailer ? 10_000 : 300);
      const { out, status } = recover(shell, "check", at("flipped"));
      expect(out, name).toMatch(new RegExp(`BAD {2}volume USB00001 {2}object ${name} `));
      expect(status).toBe(1);
    }
  }, 120_000);

  it("does not call a whole file incomplete because an unwanted one was cut", () => {
    const { out, status } = recover(shell, "restore", at("gap"), "-o", at("few"), "--snapshot", "1", ...open, "docs/deep", "docs/note-1.txt");
    expect(status).toBe(1);
    expect(out).toContain("INCOMPLETE ./docs/deep/big.bin");
    const other = recover(shell, "restore", at("gap"), "-o", at("fewer"), "--snapshot", "1", ...open, "docs/soft", "docs/deep/");
    expect(other.out).not.toContain("INCOMPLETE ./docs/soft");
  }, 60_000);

  it("sees that a snapshot was exchanged, by the chain", async () => {
    const forged = await sealSnapshot(keys, tarOf(at("tree-1"), at("other-state")), { number: 1, segmentBytes });
    mkdirSync(at("exchanged"));
    const medium = await openFolderMedium(at("exchanged"), "USB00002");
    await writeVolume(keys, medium, [...forged, ...second], { trailer: false });
    await medium.close();
    const { out, status } = recover(shell, "check", at("exchanged"));
    expect(out).toContain(`BROKEN CHAIN archive ${archiveUuid} snapshot 2 segment 1:`);
    expect(status).toBe(1);
  }, 60_000);

  it("believes nothing that is signed with another key, when told which is right", () => {
    const { out, status } = recover(shell, "check", volume("disk"), "--signer", "0".repeat(40));
    expect(out).toContain("not signed with a key");
    expect(status).toBe(1);
  }, 60_000);

  it("is not led astray by names of folders and objects", () => {
    const odd = at("odd 'name'\n$(touch pwned)");
    cpSync(volume("disk"), odd, { recursive: true });
    symlinkSync("/etc/passwd", join(odd, "999998-seal.txt"));
    writeFileSync(join(odd, "999999-$(touch pwned).txt"), "-----BEGIN PGP SIGNED MESSAGE-----");
    const { out, err } = recover(shell, "check", odd);
    expect(err).toBe("");
    expect(out).toContain("RESULT: everything is whole");
    expect(existsSync(at("pwned"))).toBe(false);
  }, 60_000);

  const dump = (target: string) => spawnSync("env", ["-i", `PATH=${at("bin")}:/usr/bin:/bin`, shell, script, "dump", at("tape"), at(target)], {
    encoding: "utf8",
  });
  const sameAsTape = (target: string): void => {
    expect(readdirSync(at(target))).toEqual(["A00001L9"]);
    expect(differences(volume("A00001L9"), at(target, "A00001L9"))).not.toMatch(/^[<>*]/m);
  };

  it.each([
    ["an mt that counts tape files", { status: "File number=%s, block number=0, partition=0." }],
    ["an mt that says it in other words", { status: "file number = %s\nblock number = 0" }],
    ["an mt that does not count", { status: "drive type = Generic" }],
    ["a drive that fails at the end of data", { status: "File number=%s, block number=0.\n EOD ONLINE", endStatus: 1 }],
  ])("dumps a tape through dd and %s", (_what, tools) => {
    fakeTapeTools(tools);
    rmSync(at("dumped"), { recursive: true, force: true });
    const done = dump("dumped");
    expect(done.stderr).toBe("");
    expect(done.stdout).not.toContain("NOTE");
    expect(done.status).toBe(0);
    sameAsTape("dumped");
  }, 60_000);

  it.each([
    ["noise that a drive hands out at the end", 0],
    ["a write that broke off", 1],
  ])("takes what no filemark follows for no object: %s", (_what, endStatus) => {
    fakeTapeTools({ status: "File number=%s, block number=0.\n EOD ONLINE", endStatus, endData: "torn" });
    rmSync(at("dumped"), { recursive: true, force: true });
    const done = dump("dumped");
    expect(done.stdout).toContain("NOTE 4 bytes behind the last filemark; they belong to no object");
    expect(done.status).toBe(0);
    sameAsTape("dumped");
  }, 60_000);

  it("tells how it is used", () => {
    expect(recover(shell, "restore", volume("disk")).status).toBe(2);
    expect(recover(shell, "--help").out).toContain("usage:");
    expect(recover(shell, "destroy").status).toBe(2);
  });

  it("is clean to shellcheck", ({ skip }) => {
    const done = spawnSync("shellcheck", ["-s", "sh", script], { encoding: "utf8" });
    if (done.error) skip("shellcheck is not installed");
    expect(done.stdout).toBe("");
  });
});

function copyVolume(name: string, copy: string): void {
  rmSync(at(copy), { recursive: true, force: true });
  cpSync(volume(name), at(copy), { recursive: true });
}

function flipBit(path: string, offset: number): void {
  const bytes = readFileSync(path);
  expect(bytes.length).toBeGreaterThan(offset);
  bytes[offset]! ^= 1;
  writeFileSync(path, bytes);
}

/**
 * mt and dd over a folder of numbered files: what a drive and the kernel do, without either. `status` is what `mt status` prints, with
 * %s for the number of the tape file; behind the last one dd copies `endData` and ends with `endStatus`.
 */
function fakeTapeTools({ status, endData = "", endStatus = 0 }: { status: string; endData?: string; endStatus?: number }): void {
  mkdirSync(at("bin"), { recursive: true });
  cpSync(volume("A00001L9"), at("tape"), { recursive: true });
  writeFileSync(at("bin", "mt"), `#!/bin/sh
case $3 in
  rewind) echo 0 >${at("position")} ;;
  status) printf '${status}\\n' "$(cat ${at("position")})" ;;
esac
exit 0
`, { mode: 0o755 });
  writeFileSync(at("bin", "dd"), `#!/bin/sh
case $1 in "if=${at("tape")}") ;; *) exec /usr/bin/dd "$@" ;; esac
number=$(cat ${at("position")})
object="${at("tape")}/$(printf %06d "$number")"
if [ ! -f "$object" ]; then
  printf %s "${endData}" >"\${2#of=}"
  exit ${String(endStatus)}
fi
cat "$object" >"\${2#of=}"
echo $((number + 1)) >${at("position")}
`, { mode: 0o755 });
}
