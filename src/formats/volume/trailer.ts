import { createHash } from "node:crypto";
import { StrongroomError } from "../../words/index.ts";
import { descriptionName, descriptionSignedName, readmeName } from "./bootstrap.ts";
import { maxManifestBytes, maxTrailerMembers } from "./limits.ts";
import { type Manifest, type ManifestMember, parseManifestText } from "./manifest.ts";
import { objectNumberText } from "./names.ts";
import { type ObjectStream, readWhole, streamOfBytes } from "./object-stream.ts";
import { type FoundMember, packPlainTar, type PlainMember, readPlainTar } from "./plain-tar.ts";
import type { VerifyText } from "./signing.ts";
import type { VolumeTexts } from "./texts.ts";

export const manifestMemberName = "manifest.txt";

/** An encrypted catalog or log, made beforehand, so that its digest is known. */
export interface TrailerMember extends PlainMember {
  readonly sha256: string;
}

export interface TrailerParts {
  /** The manifest, whose `members` come from manifestMembers, clear-signed. */
  readonly signedManifest: string;
  readonly texts: VolumeTexts;
  /** In the order in which they should be found: this session's first. */
  readonly members: readonly TrailerMember[];
  readonly writtenAtMs: number;
}

/** What the manifest says about the other members of its trailer. */
export function manifestMembers(texts: VolumeTexts, members: readonly TrailerMember[]): readonly ManifestMember[] {
  const ofTexts = textMembers(texts).map(([name, content]) =>
    ({ name, sizeBytes: Buffer.byteLength(content), sha256: createHash("sha256").update(content).digest("hex") }));
  return [...ofTexts, ...members.map(({ name, sizeBytes, sha256 }) => ({ name, sizeBytes, sha256 }))];
}

function textMembers(texts: VolumeTexts): readonly (readonly [name: string, content: string])[] {
  return [[readmeName, texts.readme], [descriptionName, texts.description], [descriptionSignedName, texts.descriptionSigned]];
}

/** The object that closes a session. */
export function makeTrailer(parts: TrailerParts): ObjectStream {
  const text = (name: string, content: string): PlainMember => ({ name, ...streamOfBytes(Buffer.from(content)) });
  return packPlainTar([
    text(manifestMemberName, parts.signedManifest),
    ...textMembers(parts.texts).map(([name, content]) => text(name, content)),
    ...parts.members,
  ], parts.writtenAtMs);
}

/** `records`: what the appliance knew then of its archives and volumes, `jobs`: what it had done; only those of the newest trailer are of use. */
export type TrailerMemberKind = "catalog" | "log" | "records" | "jobs";

/** `catalog-A00001L9-000005-01.pgp`: which volume's session it belongs to, by its trailer; parts count from 1. */
export function trailerMemberName(kind: TrailerMemberKind, barcode: string, trailerNumber: number, part = 1): string {
  return `${kind}-${barcode}-${objectNumberText(trailerNumber)}-${String(part).padStart(2, "0")}.pgp`;
}

/** What the name of a catalog or log says. */
export interface TrailerMemberPlace {
  readonly kind: TrailerMemberKind;
  readonly barcode: string;
  readonly trailerNumber: number;
  readonly part: number;
}

/** Reverse of trailerMemberName; undefined for other members. */
export function parseTrailerMemberName(
  name: string,
): TrailerMemberPlace | undefined {
  const match = /^(catalog|log|records|jobs)-([A-Za-z0-9][A-Za-z0-9._-]{0,31})-(\d{6})-(\d{2,4})\.pgp$/.exec(name);
  if (!match) return undefined;
  return { kind: match[1] as TrailerMemberKind, barcode: match[2]!, trailerNumber: Number(match[3]), part: Number(match[4]) };
}

/** An upper bound for a trailer that lists `objectCount` objects and carries `memberBytes` of catalogs and logs. */
export function trailerBoundBytes(objectCount: number, memberBytes: number, memberCount: number): number {
  const manifestBytes = 4096 + 128 * objectCount;
  const textsBytes = 128 * 1024;
  return manifestBytes + textsBytes + memberBytes + 1024 * memberCount + 2 * 10_240;
}

/**
 * Reads a trailer. The manifest comes first and its signature is checked before anything else of the trailer is looked at; then
 * `take` gets every other member in turn, and what it takes of one is compared with the manifest. Rejects with what VerifyText
 * says, `MANIFEST_WRONG`, or `VOLUME_TAR_DAMAGED` when the end is missing: what `take` got before that is whole, and its own
 * encryption proves it.
 */
export async function readTrailer(
  chunks: AsyncIterable<Uint8Array>,
  verify: VerifyText,
  take: (member: FoundMember, manifest: Manifest) => Promise<void>,
): Promise<Manifest> {
  let manifest: Manifest | undefined;
  let members = 0;
  for await (const member of readPlainTar(chunks)) {
    members += 1;
    if (members > maxTrailerMembers) throw notATrailer("it has too many members");
    if (manifest) {
      await takeChecked(member, manifest, take);
      continue;
    }
    if (member.name !== manifestMemberName) throw notATrailer("it does not begin with a manifest");
    const signed = await readWhole(member.content(), maxManifestBytes);
    if (!signed) throw notATrailer("its manifest is too large");
    manifest = parseManifestText((await verify(Buffer.from(signed).toString())).text);
  }
  if (!manifest) throw notATrailer("it is empty");
  return manifest;
}

/** A member that is taken to its end is proven by the manifest; one that is left aside is not read. */
async function takeChecked(
  member: FoundMember,
  manifest: Manifest,
  take: (member: FoundMember, manifest: Manifest) => Promise<void>,
): Promise<void> {
  const promised = manifest.members.find(({ name }) => name === member.name);
  if (promised?.sizeBytes !== member.sizeBytes) throw memberWrong(member.name);
  async function* content(): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    for await (const chunk of member.content()) {
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest("hex") !== promised?.sha256) throw memberWrong(member.name);
  }
  await take({ ...member, content }, manifest);
}

function memberWrong(name: string): StrongroomError {
  return new StrongroomError("mismatch", "TRAILER_MEMBER_WRONG", `${name} in a trailer is not what the manifest says; `
    + "nothing of it may be used", {
    hint: "use the trailer of another session or copy",
  });
}

function notATrailer(why: string): StrongroomError {
  return new StrongroomError("mismatch", "TRAILER_WRONG", `an object is not a trailer: ${why}; segments and seals are not `
    + "concerned", {
    hint: "verify by the seals, or use an earlier trailer",
  });
}
