import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTapeByHand } from "../support/hand-written-tape.ts";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { makeProofTree } from "../support/proof-tree.ts";

let ours: ProofAppliance;
let theirs: ProofAppliance;

/** Cartridges that come before any blank one, each holding something that is not ours to write over. */
const foreign = {
  SR0001L8: "a tar archive of another program",
  SR0002L8: "data of unknown origin",
  SR0003L8: "an LTFS file system",
  SR0004L8: "nothing",
  SR0005L8: "written by appliance theirs",
} as const;

const dataOf = (barcode: string): string =>
  createHash("sha256").update(readFileSync(join(ours.library, "cartridges", barcode, "data"))).digest("hex");

beforeAll(async () => {
  ours = await makeProofAppliance({ cartridges: 8, capacityBytes: 4 * 1024 * 1024, slots: 8 });
  theirs = await makeProofAppliance({ cartridges: 5, capacityBytes: 4 * 1024 * 1024 }, "theirs");
  makeProofTree(ours.at("source"), { files: 20, largeBytes: 100_000 });
  await theirs.must(["archive", "create", "docs", "--source", ours.at("source"), "--pool", "vault", "--pool", "usb"]);
  await theirs.must(["volume", "init", "SR0005L8", "--pool", "vault"]);
  await theirs.must(["volume", "init", "USB00009", "--pool", "usb", "--folder", theirs.at("usb9")]);
  await theirs.must(["archive", "run", "docs"]);
  await theirs.must(["drive", "unload", "vtl", "0"]);
  cpSync(join(theirs.library, "cartridges", "SR0005L8"), join(ours.library, "cartridges", "SR0005L8"), { recursive: true });
  const tar = execFileSync("tar", ["--create", "--blocking-factor=20", "--directory", ours.at("source"), "large"]);
  const label = Buffer.from("VOL1SR0003              LTFS".padEnd(79, " ") + "4");
  await writeTapeByHand(ours.library, "SR0001L8", [tar], 10_240);
  await writeTapeByHand(ours.library, "SR0002L8", [randomBytes(100_000), randomBytes(10)], 65_536);
  await writeTapeByHand(ours.library, "SR0003L8", [label, randomBytes(5000)], 80);
  await writeTapeByHand(ours.library, "SR0004L8", [Buffer.alloc(4096)], 4096);
});

afterAll(() => {
  ours.remove();
  theirs.remove();
});

describe("cartridges that are not ours to write over", () => {
  it("are passed by: a run takes the next blank one, marks them as foreign, and leaves every byte as it was", async () => {
    const before = Object.keys(foreign).map(dataOf);
    await ours.must(["volume", "init", "USB00001", "--pool", "usb", "--folder", ours.at("usb1")]);
    await ours.must(["archive", "create", "docs", "--source", ours.at("source"), "--pool", "vault", "--pool", "usb"]);
    const { volumes } = await ours.json(["archive", "run", "docs"]);
    expect(volumes).toEqual([{ pool: "vault", barcode: "SR0006L8" }, { pool: "usb", barcode: "USB00001" }]);
    expect(Object.keys(foreign).map(dataOf)).toEqual(before);
    const states = ours.records(({ inventory }) => Object.keys(foreign).map((barcode) => inventory.cartridge(barcode)!.state));
    expect(states).toEqual(Object.keys(foreign).map(() => "foreign"));
  });

  for (const [barcode, words] of Object.entries(foreign)) {
    it(`${barcode}, which holds ${words}, is refused by volume init until its own barcode is typed`, async () => {
      const before = dataOf(barcode);
      const refused = await ours.run(["volume", "init", barcode, "--pool", "vault"]);
      expect(refused.code, refused.err).toBe(6);
      expect(refused.err).toContain(`cartridge ${barcode} is not blank`);
      expect(refused.err).toContain("nothing was written");
      expect(refused.err).toContain(`--overwrite ${barcode}`);
      if (words !== "nothing") expect(refused.err).toContain(words);
      const mistyped = await ours.run(["volume", "init", barcode, "--pool", "vault", "--overwrite", "SR0007L8"]);
      expect(mistyped.code, mistyped.err).toBe(2);
      expect(mistyped.err).toContain("nothing was written");
      const misread = await ours.run(["volume", "init", barcode, "--pool", "vault"], { answers: ["SR0007L8"] });
      expect(misread.code, misread.err).toBe(2);
      const identified = await ours.run(["volume", "identify", barcode]);
      expect(identified.code, identified.err).toBe(0);
      expect(dataOf(barcode)).toBe(before);
    });
  }

  it("are written over when the barcode is typed", async () => {
    const typed = await ours.run(["volume", "init", "SR0002L8", "--pool", "vault"], { answers: ["SR0002L8"] });
    expect(typed.code, typed.err).toBe(0);
    await ours.must(["volume", "init", "SR0003L8", "--pool", "vault", "--overwrite", "SR0003L8"]);
    for (const barcode of ["SR0002L8", "SR0003L8"]) expect((await ours.json(["volume", "identify", barcode]))["kind"]).toBe("volume");
  });
});

describe("a volume of another appliance", () => {
  it("is known for what it is, on tape and in a folder, and can be verified", async () => {
    for (const where of [["SR0005L8"], ["--folder", theirs.at("usb9")]]) {
      const identity = await ours.json(["volume", "identify", ...where]);
      expect(identity).toMatchObject({ kind: "volume", appliance: "theirs", ours: false, signature: "unknown signer" });
      const { out, err, code } = await ours.run(["volume", "verify", ...where]);
      expect(code, out + err).toBe(3);
      expect(out + err).toContain("which is not known here");
      expect(out + err).not.toContain("damaged");
    }
  });

  it("is still compared with its seals: a flipped bit is found by whoever holds it", async () => {
    const folder = ours.at("theirs-damaged");
    cpSync(theirs.at("usb9"), folder, { recursive: true });
    const segment = join(folder, "000001-segment.pgp");
    const bytes = readFileSync(segment);
    bytes[1000] = bytes[1000]! ^ 4;
    writeFileSync(segment, bytes);
    const { out, err, code } = await ours.run(["volume", "verify", "--folder", folder]);
    expect(code, out + err).toBe(7);
    expect(out + err).toContain("object 1 (segment");
  });
});

describe("a trailer that is not what was written", () => {
  const usb = (): string => ours.at("usb1");
  const trailer = (): string => readdirSync(usb()).find((name) => name.endsWith("-trailer.tar"))!;

  async function blamed(): Promise<void> {
    const { out, err, code } = await ours.run(["volume", "verify", "--folder", usb()]);
    expect(code, out + err).toBe(7);
    expect(err).toContain(`object ${String(Number(trailer().slice(0, 6)))} (trailer)`);
    expect(err.match(/^err: /gm)?.length, err).toBe(1);
    const stranger = await theirs.run(["volume", "verify", "--folder", usb()]);
    expect(stranger.code, stranger.out + stranger.err).toBe(7);
    expect(stranger.err).toContain("(trailer)");
  }

  it("is found when somebody else signed its manifest", async () => {
    const path = join(usb(), trailer());
    const genuine = readFileSync(path);
    const unpacked = ours.at("forged");
    mkdirSync(unpacked);
    const names = execFileSync("tar", ["--list", "--file", path], { encoding: "utf8" }).trim().split("\n");
    execFileSync("tar", ["--extract", "--file", path, "--directory", unpacked]);
    writeFileSync(join(unpacked, "manifest.txt"), signedByAnother(readFileSync(join(unpacked, "manifest.txt"))));
    execFileSync("tar", ["--create", "--format=ustar", "--file", path, "--directory", unpacked, ...names]);
    await blamed();
    writeFileSync(path, genuine);
  });

  it("is found when it was cut short", async () => {
    const path = join(usb(), trailer());
    const genuine = readFileSync(path);
    truncateSync(path, Math.floor(genuine.length / 1024) * 512);
    await blamed();
    writeFileSync(path, genuine);
    await ours.must(["volume", "verify", "USB00001"]);
  });

  it("is found when it is that of another volume", async () => {
    const path = join(usb(), trailer());
    const genuine = readFileSync(path);
    writeFileSync(path, readFileSync(join(theirs.at("usb9"), readdirSync(theirs.at("usb9")).find((name) => name.endsWith("-trailer.tar"))!)));
    const { out, err, code } = await ours.run(["volume", "verify", "--folder", usb()]);
    expect(code, out + err).toBe(7);
    expect(err).toContain("(trailer)");
    writeFileSync(path, genuine);
  });
});

describe("a cartridge whose label was put on another one", () => {
  it("is never written: what is on it is compared with the records first; it is put aside, and the run goes on with another one", async () => {
    rmSync(join(ours.library, "cartridges", "SR0006L8"), { recursive: true });
    cpSync(join(theirs.library, "cartridges", "SR0005L8"), join(ours.library, "cartridges", "SR0006L8"), { recursive: true });
    writeFileSync(ours.at("source", "one-more"), "new");
    const before = dataOf("SR0006L8");
    const run = await ours.run(["archive", "run", "docs"]);
    expect(run.code, run.err).toBe(1);
    expect(run.err).toContain("cartridge SR0006L8 is put aside, and the work goes on with another one");
    expect(run.err).toContain("cartridge SR0006L8 should hold volume");
    expect(run.err).toContain("nothing was written on it");
    expect(dataOf("SR0006L8")).toBe(before);
    expect(run.out).toMatch(/snapshot \d+ complete/);
  });
});

/** The same words under the signature of a key that was made for this. */
function signedByAnother(clearSigned: Buffer): Buffer {
  const home = ours.at("gnupg");
  mkdirSync(home, { mode: 0o700 });
  const gpg = (args: readonly string[], input = ""): Buffer =>
    execFileSync("gpg", ["--homedir", home, "--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback", ...args], { input });
  gpg(["--quick-generate-key", "Somebody Else", "ed25519", "sign"]);
  const text = clearSigned.toString().split("\n\n").slice(1).join("\n\n").split("\n-----BEGIN PGP SIGNATURE-----")[0]!;
  const signed = gpg(["--clear-sign"], text.replace(/^- /gm, ""));
  spawnSync("gpgconf", ["--homedir", home, "--kill", "all"]);
  return signed;
}
