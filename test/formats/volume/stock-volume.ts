import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  encodeCatalogLine, makeBootstrap, makeSeal, makeTrailer, makeVolumeTexts, manifestMembers, manifestText, type ManifestObject, objectChunks,
  type ObjectRole, type ObjectStream, readWhole, type Seal, sealDigest, type SignText, streamOfBytes, type TrailerMember, trailerMemberName,
  type VerifyText, type VolumeFacts, type VolumeMedium,
} from "../../../src/formats/volume/index.ts";
import { StrongroomError } from "../../../src/words/index.ts";

/*
 * Volumes made with stock tools only: gpg signs and encrypts, GNU tar and zstd make the segments. What recover.sh and our readers
 * make of them therefore proves the format and not our own programs.
 */

export const archiveUuid = "6f0c7a52-3f0e-4a8e-9d38-0a8a3b6f7c11";
export const applianceUuid = "0d5f9c1e-7a44-4a0f-8f5e-1c2b3a4d5e6f";
export const passphrase = "correct horse battery staple";
const writtenAtMs = 1_795_000_000_000;

/** A gpg home with a signing key, an operations key, and a recovery key that a passphrase locks. */
export class KeyRing {
  readonly home = mkdtempSync(join(tmpdir(), "gpg-"));
  readonly signer: string;
  readonly operations: string;
  readonly recovery: string;

  constructor() {
    this.signer = this.#make("Appliance", "");
    this.operations = this.#make("Operations", "");
    this.recovery = this.#make("Recovery", passphrase);
  }

  run(args: readonly string[], input: string | Uint8Array = ""): Buffer {
    const done = spawnSync("gpg", ["--homedir", this.home, "--batch", "--quiet", "--trust-model", "always", ...args], {
      input,
      maxBuffer: 256 * 1024 * 1024,
    });
    if (done.status !== 0) throw new Error(`gpg ${args.join(" ")}: ${done.stderr.toString()}`);
    return done.stdout;
  }

  readonly sign: SignText = (text) =>
    Promise.resolve(this.run(["--faked-system-time", "20261101T000000!", "--local-user", this.signer, "--clear-sign"], text).toString());

  readonly verify: VerifyText = (signed) => {
    const done = spawnSync("gpg", ["--homedir", this.home, "--batch", "--status-fd", "2", "--decrypt"], { input: signed, encoding: "utf8" });
    const signer = / VALIDSIG .* ([0-9A-F]{40})$/m.exec(done.stderr)?.[1];
    if (done.stderr.includes("NO_PUBKEY")) return Promise.reject(new StrongroomError("mismatch", "SIGNER_UNKNOWN", "signed by a stranger"));
    if (done.status !== 0 || signer === undefined) return Promise.reject(new StrongroomError("mismatch", "SIGNATURE_BAD", "not as it was signed"));
    return Promise.resolve({ text: done.stdout, signer });
  };

  encrypt(plain: Uint8Array): Buffer {
    return this.run(["--compress-algo", "none", "--encrypt", "--recipient", this.operations, "--recipient", this.recovery], plain);
  }

  certificate(fingerprint: string): string {
    return this.run(["--armor", "--export", fingerprint]).toString();
  }

  lockedRecoveryKey(): string {
    return this.run(["--pinentry-mode", "loopback", "--passphrase", passphrase, "--armor", "--export-secret-keys", this.recovery]).toString();
  }

  close(): void {
    spawnSync("gpgconf", ["--homedir", this.home, "--kill", "all"]);
    rmSync(this.home, { recursive: true, force: true });
  }

  #make(name: string, lock: string): string {
    this.run(["--pinentry-mode", "loopback", "--passphrase", lock, "--faked-system-time", "20260101T000000!",
      "--quick-generate-key", `${name} <${name.toLowerCase()}@example.org>`, "future-default", "default", "never"]);
    const listing = this.run(["--with-colons", "--list-keys", name]).toString();
    return /^fpr:+([0-9A-F]{40}):/m.exec(listing)![1]!;
  }
}

/** One segment with its seal, as they go on every copy. */
export interface SealedSegment { readonly seal: Seal; readonly message: Buffer; readonly sealObject: string }

/** Cuts a tar stream into segments of `segmentBytes` and seals them. */
export async function sealSnapshot(
  keys: KeyRing,
  tar: Buffer,
  snapshot: { readonly number: number; readonly base?: number; readonly segmentBytes: number; readonly previousSeal?: string },
): Promise<SealedSegment[]> {
  const members = memberOffsets(tar);
  const segments = Math.ceil(tar.length / snapshot.segmentBytes);
  const sealed: SealedSegment[] = [];
  let previousSealSha256 = snapshot.previousSeal === undefined ? undefined : sealDigest(snapshot.previousSeal);
  for (let segment = 1; segment <= segments; segment += 1) {
    const tarOffsetBytes = (segment - 1) * snapshot.segmentBytes;
    const stretch = tar.subarray(tarOffsetBytes, tarOffsetBytes + snapshot.segmentBytes);
    const message = keys.encrypt(spawnSync("zstd", ["-c"], { input: stretch, maxBuffer: 1e9 }).stdout);
    const first = members.find((offset) => offset >= tarOffsetBytes && offset < tarOffsetBytes + stretch.length);
    const seal: Seal = {
      archiveUuid,
      snapshot: snapshot.number,
      baseSnapshot: snapshot.base,
      segment,
      segments,
      sealedBytes: message.length,
      sealedSha256: sha256(message),
      tarOffsetBytes,
      tarBytes: stretch.length,
      firstMemberOffsetBytes: first === undefined ? undefined : first - tarOffsetBytes,
      previousSealSha256,
      sealedAtMs: writtenAtMs,
      applianceUuid,
    };
    const sealObject = await makeSeal(seal, keys.sign);
    previousSealSha256 = sealDigest(sealObject);
    sealed.push({ seal, message, sealObject });
  }
  return sealed;
}

export function volumeFacts(keys: KeyRing, medium: VolumeMedium, siblings: VolumeFacts["siblings"] = []): VolumeFacts {
  return {
    description: {
      volumeUuid: `00000000-0000-4000-8000-${createHash("md5").update(medium.barcode).digest("hex").slice(0, 12)}`,
      barcode: medium.barcode,
      pool: "daily",
      medium: medium.kind,
      blockSizeBytes: medium.blockSizeBytes,
      createdAtMs: writtenAtMs,
      appliance: { uuid: applianceUuid, name: "Tresor Zürich" },
      recipients: [
        { role: "operations", fingerprint: keys.operations, userIds: ["Operations <operations@example.org>"] },
        { role: "recovery", fingerprint: keys.recovery, userIds: ["Recovery <recovery@example.org>"] },
      ],
      signer: keys.signer,
      previousVolumes: siblings.map(({ barcode, volumeUuid }) => ({ barcode, volumeUuid })),
    },
    siblings,
    custody: "The notary of the town,\nregister number 17.",
    hasLockedRecoveryKey: true,
  };
}

/** Writes a whole volume: bootstrap, segments with seals, and a trailer with a catalog unless told to stop before it. */
export async function writeVolume(
  keys: KeyRing,
  medium: VolumeMedium,
  segments: readonly SealedSegment[],
  options: { readonly siblings?: VolumeFacts["siblings"]; readonly trailer?: boolean; readonly paths?: readonly string[] } = {},
): Promise<void> {
  const facts = volumeFacts(keys, medium, options.siblings);
  const texts = await makeVolumeTexts(facts, keys.sign);
  const objects: ManifestObject[] = [];
  const append = async (role: ObjectRole, stream: ObjectStream): Promise<void> => {
    const bytes = (await readWhole(stream.chunks(), stream.sizeBytes))!;
    const writer = await medium.writeObject(objects.length, role);
    if ((await writer.write(bytes)) === "full" || (await writer.finish()) === "full") throw new Error("the medium is full");
    objects.push({ number: objects.length, role, sizeBytes: bytes.length, sha256: sha256(bytes) });
  };
  await append("bootstrap", makeBootstrap({
    facts,
    texts,
    certificates: [
      { name: "signer", armored: keys.certificate(keys.signer) },
      { name: "operations", armored: keys.certificate(keys.operations) },
      { name: "recovery", armored: keys.certificate(keys.recovery) },
    ],
    lockedRecoveryKey: keys.lockedRecoveryKey(),
  }));
  for (const { message, sealObject } of segments) {
    await append("segment", streamOfBytes(message));
    await append("seal", streamOfBytes(Buffer.from(sealObject)));
  }
  if (options.trailer === false) return;
  const lines = (options.paths ?? []).map((path) => encodeCatalogLine({
    kind: "gone", archiveUuid, snapshot: 1, path: Buffer.from(path),
  })).join("");
  const catalog = keys.encrypt(spawnSync("zstd", ["-c"], { input: lines }).stdout);
  const members: TrailerMember[] = [
    { name: trailerMemberName("catalog", medium.barcode, objects.length), sha256: sha256(catalog), ...streamOfBytes(catalog) },
  ];
  const signedManifest = await keys.sign(manifestText({
    volumeUuid: facts.description.volumeUuid,
    barcode: medium.barcode,
    medium: medium.kind,
    trailerNumber: objects.length,
    writtenAtMs,
    objects: [...objects],
    members: manifestMembers(texts, members),
  }));
  await append("trailer", makeTrailer({ signedManifest, texts, members, writtenAtMs }));
}

/** Every object of a medium as a file named by its number, as dd would leave them. */
export async function dumpMedium(medium: VolumeMedium, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (let number = 0; ; number += 1) {
    const reader = await medium.readObject(number);
    if (reader === "end-of-data") return;
    writeFileSync(join(folder, String(number).padStart(6, "0")), (await readWhole(objectChunks(reader), 1e9))!);
  }
}

/** Where each member of a tar begins, its extended headers included. */
function memberOffsets(tar: Buffer): number[] {
  const offsets: number[] = [];
  let extended = false;
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    if (!extended) offsets.push(at);
    const sizeBytes = Number.parseInt(tar.toString("latin1", at + 124, at + 135), 8);
    extended = "xgLK".includes(String.fromCharCode(tar[at + 156]!));
    at += 512 + Math.ceil(sizeBytes / 512) * 512;
  }
  return offsets;
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A snapshot of a tree as GNU tar makes it; with a state file, an incremental one. */
export function tarOf(tree: string, stateFile: string): Buffer {
  const tarFile = `${stateFile}.tar`;
  const made = spawnSync("tar", ["--format=posix", "--sort=name", "--sparse", "--xattrs", "--xattrs-include=*", "--acls", `--listed-incremental=${stateFile}`,
    "--blocking-factor=1", "-c", "-f", tarFile, "-C", tree, "."]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return readFileSync(tarFile);
}
