import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type BootstrapFound, type Manifest, readBootstrap, readSeal, readTrailer, readWhole, sealDigest, streamOfBytes, type VerifyText,
} from "../../../src/formats/volume/index.ts";
import { openFolderMedium } from "../../../src/media/index.ts";
import { StrongroomError } from "../../../src/words/index.ts";
import { KeyRing, type SealedSegment, sealSnapshot, sha256, tarOf, writeVolume } from "./stock-volume.ts";

const folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
const volume = join(folder, "volume");
let keys: KeyRing;
let segments: SealedSegment[];
const object = (ending: string): Buffer => readFileSync(join(volume, readdirSync(volume).find((name) => name.endsWith(ending))!));

beforeAll(async () => {
  keys = new KeyRing();
  mkdirSync(join(folder, "tree"));
  writeFileSync(join(folder, "tree", "a.txt"), "a\n");
  segments = await sealSnapshot(keys, tarOf(join(folder, "tree"), join(folder, "state")), { number: 1, segmentBytes: 1024 });
  mkdirSync(volume);
  const medium = await openFolderMedium(volume, "USB00001");
  await writeVolume(keys, medium, segments, { paths: ["a.txt"] });
  await medium.close();
}, 60_000);
afterAll(() => {
  keys.close();
  rmSync(folder, { recursive: true, force: true });
});

const bootstrapOf = async (bytes: Uint8Array, verify: VerifyText = keys.verify): Promise<BootstrapFound> =>
  await readBootstrap(streamOfBytes(bytes).chunks(), verify);
const stranger: VerifyText = () => Promise.reject(new StrongroomError("mismatch", "SIGNER_UNKNOWN", "signed by a stranger"));

describe("bootstrap", () => {
  it("describes the volume and proves it", async () => {
    const found = await bootstrapOf(object("bootstrap.tar"));
    expect(found).toMatchObject({ kind: "strongroom", signature: "good", description: { barcode: "USB00001", signer: keys.signer } });
    if (found.kind === "strongroom") {
      expect([...found.members.keys()].slice(0, 3)).toEqual(["README-FIRST.txt", "recover.sh", "FORMAT.txt"]);
      expect(Buffer.from(found.members.get("siblings.txt")!).toString()).toContain("first volume");
    }
  });

  it("tells a stranger's volume from a forged one", async () => {
    expect(await bootstrapOf(object("bootstrap.tar"), stranger)).toMatchObject({ kind: "strongroom", signature: "unknown-signer" });
    const forged = object("bootstrap.tar");
    const at = forged.indexOf("-----BEGIN PGP SIGNED MESSAGE-----\nHash:");
    forged.write("USB00009", forged.indexOf("USB00001", at));
    expect(await bootstrapOf(forged)).toMatchObject({ kind: "strongroom", signature: "bad", description: { barcode: "USB00001" } });
  });

  it("knows what is not ours", async () => {
    expect(await bootstrapOf(Buffer.alloc(0))).toEqual({ kind: "foreign", looksLike: "blank" });
    expect(await bootstrapOf(Buffer.alloc(20_480))).toEqual({ kind: "foreign", looksLike: "blank" });
    expect(await bootstrapOf(Buffer.from("some notes"))).toEqual({ kind: "foreign", looksLike: "unknown" });
    expect(await bootstrapOf(readFileSync(join(folder, "state.tar")))).toEqual({ kind: "foreign", looksLike: "tar" });
  });

  it("still describes the volume when its end is damaged", async () => {
    const bytes = object("bootstrap.tar");
    const withoutLastMember = bytes.subarray(0, bytes.lastIndexOf("ustar"));
    expect(await bootstrapOf(withoutLastMember)).toMatchObject({ kind: "strongroom", signature: "good" });
  });
});

describe("seal object", () => {
  it("is verified before it is read", async () => {
    const bytes = object("000002-seal.txt");
    expect(await readSeal(bytes, keys.verify)).toEqual(segments[0]!.seal);
    expect(segments[1]!.seal.previousSealSha256).toBe(sealDigest(bytes.toString()));
    const forged = Buffer.from(bytes.toString().replace("Segment: 1", "Segment: 2"));
    await expect(readSeal(forged, keys.verify)).rejects.toMatchObject({ code: "SIGNATURE_BAD" });
    await expect(readSeal(Buffer.alloc(70_000), keys.verify)).rejects.toMatchObject({ code: "SEAL_WRONG" });
  });
});

describe("trailer", () => {
  const read = async (bytes: Uint8Array, verify: VerifyText = keys.verify): Promise<{ manifest: Manifest; names: string[] }> => {
    const names: string[] = [];
    const manifest = await readTrailer(streamOfBytes(bytes).chunks(), verify, async (member) => {
      await readWhole(member.content(), 1e9);
      names.push(member.name);
    });
    return { manifest, names };
  };

  it("lists every object, which sha256sum alone proves", async () => {
    const { manifest, names } = await read(object("trailer.tar"));
    expect(manifest.objects).toHaveLength(1 + 2 * segments.length);
    expect(names).toEqual(["README-FIRST.txt", "volume.json", "volume.json.asc", `catalog-USB00001-${String(manifest.trailerNumber).padStart(6, "0")}-01.pgp`]);
    for (const { number, sha256: promised } of manifest.objects) {
      const name = readdirSync(volume).find((candidate) => candidate.startsWith(String(number).padStart(6, "0")))!;
      expect(sha256(readFileSync(join(volume, name)))).toBe(promised);
    }
    const typed = `tar -xOf *-trailer.tar manifest.txt > ${folder}/manifest.txt; gpg --decrypt ${folder}/manifest.txt | sha256sum --check --strict -`;
    const done = spawnSync("sh", ["-c", typed], { cwd: volume, encoding: "utf8", env: { PATH: "/usr/bin:/bin", GNUPGHOME: keys.home } });
    expect(done.status).toBe(0);
    expect(done.stdout.trim().split("\n").every((line) => line.endsWith(": OK"))).toBe(true);
  });

  it("refuses a forged, a truncated and a foreign one, and a member that is not as promised", async () => {
    const good = object("trailer.tar");
    const forged = Buffer.from(good);
    forged.write("9", good.indexOf("# trailer: ") + 11);
    await expect(read(forged)).rejects.toMatchObject({ code: "SIGNATURE_BAD" });
    await expect(read(good, stranger)).rejects.toMatchObject({ code: "SIGNER_UNKNOWN" });
    await expect(read(good.subarray(0, 12_000))).rejects.toMatchObject({ code: "VOLUME_TAR_DAMAGED" });
    await expect(read(object("bootstrap.tar"))).rejects.toMatchObject({ code: "TRAILER_WRONG" });
    const changed = Buffer.from(good);
    changed.write("X", good.indexOf("ARCHIVE VOLUME"));
    await expect(read(changed)).rejects.toMatchObject({ code: "TRAILER_MEMBER_WRONG" });
  });
});
