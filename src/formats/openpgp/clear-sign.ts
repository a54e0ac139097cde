import {
  type CleartextMessage,
  createCleartextMessage,
  enums,
  readCleartextMessage,
  sign,
  type Signature,
  type SignaturePacket,
  verify,
} from "openpgp";
import { type Clock, StrongroomError } from "../../words/index.ts";
import type { Certificate } from "./certificate.ts";
import type { UnlockedKey } from "./keys.ts";
import { compatibilityProfile } from "./profile.ts";

const textBytesMax = 64 * 1024 * 1024;
const signaturesMax = 16;

/** The library's declaration leaves out the signature that every clear-signed text carries. */
type SignedText = CleartextMessage & { readonly signature: Signature };

export interface VerifiedText {
  /**
   * What was signed, with LF line ends, the last line's too. Blanks at the ends of lines, which the format does not cover, are
   * gone.
   */
  readonly text: string;
  /** Of the signer's certificate (its primary key), lower-case hex. */
  readonly fingerprint: string;
  /** As the signer's clock said, whole seconds. */
  readonly signedAtMs: number;
}

/**
 * A clear-signed text (RFC 9580, 7) by Ed25519 and SHA-512: readable as it is, and verified by `gpg --verify`. Lines must not end
 * in blanks, which
 * the format would drop; a text ends with a LF.
 */
export async function clearSign(text: string, { key }: UnlockedKey, clock: Clock): Promise<string> {
  if (!text.endsWith("\n")) throw new TypeError("a text to be signed ends with a line end");
  if (/[ \t\r](?:\n|$)/.test(text)) throw new TypeError("a line to be signed ends in blanks");
  const signed = await sign({
    // The last line end belongs to the armor, not to what is signed.
    message: await createCleartextMessage({ text: text.slice(0, -1) }),
    signingKeys: key,
    date: new Date(clock.nowMs()),
    config: compatibilityProfile,
  });
  return signed.replaceAll("\r\n", "\n");
}

/**
 * The text, if one of `certificates` signed it. Validity of the certificate is judged at the time of signing, so that old texts
 * stay true when a key expires. Throws SIGNATURE_BAD or SIGNER_UNKNOWN; only what is returned was signed, never what stood around
 * it.
 */
export async function verifyClearSigned(
  signed: string | Uint8Array,
  certificates: readonly Certificate[],
): Promise<VerifiedText> {
  const message = await readSigned(signed);
  // What the library could not parse is left out.
  const packets: readonly SignaturePacket[] = message.signature.packets.filterByTag(enums.packet.signature);
  if (packets.length > signaturesMax) throw bad("it has too many signatures");
  const signers = packets.map(({ issuerKeyID }) => issuerKeyID.toHex());
  const certificate = certificates.find(({ key }) => key.getKeyIDs().some((keyId) => signers.includes(keyId.toHex())));
  if (!certificate) {
    throw new StrongroomError("mismatch", "SIGNER_UNKNOWN", `the text is signed by an unknown key (${signers.join(", ")})`, {
      hint: "import the signer's certificate after comparing its fingerprint, or treat the medium as foreign",
    });
  }
  const packet = packets.find(({ issuerKeyID }) => certificate.key.getKeyIDs().some((keyId) => keyId.equals(issuerKeyID)));
  const created = packet?.created;
  if (!created) throw bad("its signature has no time");
  const { signatures } = await verify({
    message,
    verificationKeys: certificate.key,
    date: created,
    config: compatibilityProfile,
  });
  const own = signatures.find(({ keyID }) => packet.issuerKeyID.equals(keyID));
  try {
    if ((await own?.verified) !== true) throw new Error("no signature by this key");
  } catch (error) {
    throw bad("what it says is not what was signed", error);
  }
  return { text: `${message.getText()}\n`, fingerprint: certificate.fingerprint, signedAtMs: created.getTime() };
}

async function readSigned(signed: string | Uint8Array): Promise<SignedText> {
  if (signed.length > textBytesMax) throw bad("it is larger than 64 MiB");
  try {
    const text = typeof signed === "string" ? signed : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(signed);
    const message = (await readCleartextMessage({ cleartextMessage: text })) as SignedText;
    if (message.signature.packets.length === 0) throw new Error("no signature");
    return message;
  } catch (error) {
    throw bad("it is not a clear-signed text", error);
  }
}

function bad(why: string, cause?: unknown): StrongroomError {
  return new StrongroomError("mismatch", "SIGNATURE_BAD", `the signature is not valid: ${why}`, {
    hint: "do not trust this text; use another copy of it",
    ...(cause === undefined ? {} : { cause }),
  });
}
