import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSampleTree } from "../sources/local/sample-tree.ts";
import { makeProofAppliance, type ProofAppliance, proofPassphrase } from "../support/proof-appliance.ts";
import { seededBytes } from "../support/proof-tree.ts";
import { makeStranger, type Stranger, treeDifferences } from "../support/stranger.ts";

let appliance: ProofAppliance;
let stranger: Stranger;

/** A tree with one of everything, then two rounds of changes: deletions, changes of type, new and grown files, moved directories. */
function firstTree(root: string): void {
  mkdirSync(root);
  makeSampleTree(root);
  // Nine gigabytes of hole take minutes to compare by checksum, and the formats' own tests have it.
  rmSync(`${root}/huge`);
  writeFileSync(`${root}/spans-segments`, seededBytes(5)(700_000));
  writeFileSync(Buffer.concat([Buffer.from(`${root}/bad-`), Buffer.of(0xff, 0x0a, 0x1b)]), "bytes that are no text");
  mkdirSync(`${root}/moves/below`, { recursive: true });
  for (let index = 0; index < 30; index += 1) writeFileSync(`${root}/moves/below/${String(index)}`, `content ${String(index)}\n`);
  mkdirSync(`${root}/goes/with/all`, { recursive: true });
  writeFileSync(`${root}/goes/with/all/files`, "gone in the second snapshot");
}

function secondTree(root: string): void {
  rmSync(`${root}/goes`, { recursive: true });
  unlinkSync(`${root}/second-name`);
  unlinkSync(`${root}/link`);
  mkdirSync(`${root}/link`);
  writeFileSync(`${root}/link/now-a-directory`, "it was a link");
  rmSync(`${root}/empty`, { recursive: true });
  writeFileSync(`${root}/empty`, "it was a directory");
  renameSync(`${root}/moves/below`, `${root}/moved`);
  appendFileSync(`${root}/spans-segments`, seededBytes(6)(50_000));
}

function thirdTree(root: string): void {
  rmSync(`${root}/link`, { recursive: true });
  symlinkSync("moved/7", `${root}/link`);
  unlinkSync(`${root}/moved/3`);
  writeFileSync(`${root}/moved/7`, "changed");
  mkdirSync(`${root}/goes`);
  writeFileSync(`${root}/goes/again`, "back under an old name");
  unlinkSync(`${root}/fifo`);
}

beforeAll(async () => {
  appliance = await makeProofAppliance({ cartridges: 6, capacityBytes: 3 * 1024 * 1024 });
  await appliance.must(["volume", "init", "USB00001", "--pool", "usb", "--folder", appliance.at("usb1")]);
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("source"), "--pool", "vault", "--pool", "usb", "--segment-size", "128KiB"]);
  for (const [number, change] of [[1, firstTree], [2, secondTree], [3, thirdTree]] as const) {
    change(appliance.at("source"));
    await appliance.must(["archive", "run", "docs"]);
    spawnSync("cp", ["-a", appliance.at("source"), appliance.at(`tree-${String(number)}`)]);
    expect(treeDifferences(appliance.at("source"), appliance.at(`tree-${String(number)}`))).toBe("");
  }
  stranger = makeStranger(appliance.folder, appliance.at("keys", "recovery-private-key.asc"), proofPassphrase);
}, 120_000);

afterAll(() => {
  stranger.leave();
  appliance.remove();
});

describe("recover.sh with gpg, zstd and tar alone, on what the pipeline wrote", () => {
  it("brings the newest tree back from the folder volume, with all of its metadata", () => {
    const { status, said } = stranger.recover(appliance.at("usb1", "recover.sh"), appliance.at("from-folder"), [appliance.at("usb1")]);
    expect(status, said).toBe(0);
    expect(treeDifferences(appliance.at("tree-3"), appliance.at("from-folder"))).toBe("");
  });

  it("brings the same tree back from tape files that were dumped one by one", async () => {
    const barcodes = appliance.records(({ inventory }) => inventory.volumesOfPool("vault").map(({ barcode }) => barcode));
    for (const barcode of barcodes) await appliance.must(["simulator", "dump", appliance.library, barcode, appliance.at("dumps", barcode)]);
    const first = appliance.at("dumps", barcodes[0]!);
    const script = appliance.at("found-on-tape");
    mkdirSync(script);
    // What README-FIRST tells a stranger to do with the first tape file.
    expect(spawnSync("tar", ["--extract", "--file", `${first}/000000`, "--directory", script]).status).toBe(0);
    expect(readdirSync(script)).toContain("README-FIRST.txt");
    const { status, said } = stranger.recover(`${script}/recover.sh`, appliance.at("from-tape"), barcodes.map((barcode) => appliance.at("dumps", barcode)));
    expect(status, said).toBe(0);
    expect(treeDifferences(appliance.at("tree-3"), appliance.at("from-tape"))).toBe("");
  });
});

describe("file restore", () => {
  for (const number of [1, 2, 3]) {
    it(`brings snapshot ${String(number)} back with all of its metadata`, async () => {
      const target = appliance.at(`restored-${String(number)}`);
      const { problems } = await appliance.restore("docs", target, ["--snapshot", String(number)]);
      expect(problems).toEqual([]);
      expect(treeDifferences(appliance.at(`tree-${String(number)}`), target)).toBe("");
    });
  }

  it("does the same with the recovery key in place of the operations key", async () => {
    const key = ["--key", appliance.at("keys", "recovery-private-key.asc"), "--passphrase-file", appliance.at("passphrase")];
    await appliance.must(["file", "restore", "docs", "--to", appliance.at("by-recovery-key"), ...key, "--owners", "by-number"]);
    expect(treeDifferences(appliance.at("tree-3"), appliance.at("by-recovery-key"))).toBe("");
  });
});
