import { StrongroomError } from "../../words/index.ts";
import { parseDescription, type VolumeDescription } from "./description.ts";
import { type ForeignContent, foreignContent } from "./foreign.ts";
import { maxBootstrapBytes } from "./limits.ts";
import { type ObjectStream, readWhole, streamOfBytes } from "./object-stream.ts";
import { packPlainTar, type PlainMember, readPlainTar } from "./plain-tar.ts";
import type { VerifyText } from "./signing.ts";
import { formatText, recoverScript, type SiblingVolume, type VolumeFacts, type VolumeTexts } from "./texts.ts";

export const readmeName = "README-FIRST.txt";
export const recoverName = "recover.sh";
export const descriptionName = "volume.json";
export const descriptionSignedName = "volume.json.asc";
/** Where the certificate lies that everything signed on the volume was signed with. */
export const signerCertificateName = "keys/signing.asc";

export interface BootstrapParts {
  readonly facts: VolumeFacts;
  readonly texts: VolumeTexts;
  /** Public certificates, armored: the signer's and every recipient's. */
  readonly certificates: readonly { readonly name: string; readonly armored: string }[];
  /** The recovery key, armored and locked; undefined when the operator keeps it off the media. */
  readonly lockedRecoveryKey: string | undefined;
}

/** Object 0. Every byte follows from the parts; README-FIRST.txt comes first, so that `head` on the raw device shows it. */
export function makeBootstrap(parts: BootstrapParts): ObjectStream {
  const { facts, texts, certificates, lockedRecoveryKey } = parts;
  const members = [
    member(readmeName, texts.readme),
    member(recoverName, recoverScript(), 0o755),
    member("FORMAT.txt", formatText()),
    member(descriptionName, texts.description),
    member(descriptionSignedName, texts.descriptionSigned),
    ...certificates.map(({ name, armored }) => member(`keys/${name}.asc`, armored)),
    ...(lockedRecoveryKey === undefined ? [] : [member("keys/recovery-key-locked.asc", lockedRecoveryKey)]),
    member("siblings.txt", siblingsText(facts.siblings)),
    member("custody.txt", facts.custody === "" ? "Nobody was named when this volume was "
      + "written.\n" : `${facts.custody.trimEnd()}\n`),
  ];
  const bootstrap = packPlainTar(members, facts.description.createdAtMs);
  if (bootstrap.sizeBytes > maxBootstrapBytes) {
    throw new StrongroomError("usage", "BOOTSTRAP_TOO_LARGE", "the texts and keys for a volume are too large; nothing was "
      + "written", {
      hint: "shorten the custody text or remove certificates",
    });
  }
  return bootstrap;
}

/**
 * Whether the description can be believed: signed by a certificate the reader trusts, by a stranger, or not (any more) as it was
 * signed.
 */
export type DescriptionSignature = "good" | "unknown-signer" | "bad" | "absent";

export type BootstrapFound =
  | {
    readonly kind: "strongroom";
    readonly description: VolumeDescription;
    readonly signature: DescriptionSignature;
    /** Every member by name, as found: nothing but the description was checked. */
    readonly members: ReadonlyMap<string, Uint8Array>;
  }
  | { readonly kind: "foreign"; readonly looksLike: ForeignContent };

/**
 * Reads object 0 of whatever is in the drive. A medium that holds something else is `foreign`, and so is one whose bootstrap is
 * damaged beyond its description: nobody may write on either without asking. Reads at most `maxBootstrapBytes`.
 */
export async function readBootstrap(chunks: AsyncIterable<Uint8Array>, verify: VerifyText): Promise<BootstrapFound> {
  let head: Uint8Array = new Uint8Array(0);
  const members = new Map<string, Uint8Array>();
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      if (head.length < 512) head = Buffer.concat([head, chunk.subarray(0, 512 - head.length)]);
      yield chunk;
    }
  }
  try {
    await takeMembers(watched(), members);
  } catch (error) {
    if (!(error instanceof StrongroomError) || error.code !== "VOLUME_TAR_DAMAGED") throw error;
  }
  const plain = members.get(descriptionName);
  if (!plain) return { kind: "foreign", looksLike: foreignContent(head) };
  const { text, signature } = await checkedDescription(plain, members.get(descriptionSignedName), verify);
  return { kind: "strongroom", description: parseDescription(text), signature, members };
}

async function takeMembers(chunks: AsyncIterable<Uint8Array>, members: Map<string, Uint8Array>): Promise<void> {
  let leftBytes = maxBootstrapBytes;
  for await (const found of readPlainTar(chunks)) {
    leftBytes -= 512 + found.sizeBytes;
    if (leftBytes < 0) return;
    const content = await readWhole(found.content(), found.sizeBytes);
    if (content && !members.has(found.name)) members.set(found.name, content);
  }
}

async function checkedDescription(
  plain: Uint8Array,
  signed: Uint8Array | undefined,
  verify: VerifyText,
): Promise<{ text: string; signature: DescriptionSignature }> {
  const text = Buffer.from(plain).toString();
  if (!signed) return { text, signature: "absent" };
  try {
    return { text: (await verify(Buffer.from(signed).toString())).text, signature: "good" };
  } catch (error) {
    if (!(error instanceof StrongroomError)) throw error;
    return { text, signature: error.code === "SIGNER_UNKNOWN" ? "unknown-signer" : "bad" };
  }
}

function siblingsText(siblings: readonly SiblingVolume[]): string {
  if (siblings.length === 0) return "This was the first volume of its pool.\n";
  const lines = siblings.map(({ barcode, volumeUuid, place }) => `${barcode}  ${volumeUuid}  ${place}`);
  return `Other volumes of the pool, newest first, and where they were.\nThe newest volume of a pool has the longest `
    + `list.\n\n${lines.join("\n")}\n`;
}

function member(name: string, text: string, mode = 0o644): PlainMember {
  return { name, mode, ...streamOfBytes(Buffer.from(text)) };
}
