import { type Key, type PublicKey, readKeys } from "openpgp";
import { type Clock, printable, rfc3339, StrongroomError } from "../../words/index.ts";
import { compatibilityProfile } from "./profile.ts";

/** A public key with what it says about itself, as it stood when it was read. */
export interface Certificate {
  /** Of the primary key, lower-case hex. */
  readonly fingerprint: string;
  /** As stored, so of unknown origin: print with `printable`. */
  readonly userIds: readonly string[];
  /** Whether a key for encryption, or for signing, is valid now. */
  readonly canEncrypt: boolean;
  readonly canSign: boolean;
  readonly createdAtMs: number;
  /** Undefined when it never expires. */
  readonly expiresAtMs: number | undefined;
  readonly state: "valid" | "expired" | "revoked";
  /** The certificate in ASCII armor, public parts only. */
  readonly armored: string;
  readonly key: PublicKey;
}

const certificateBytesMax = 1024 * 1024;

/** Reads one certificate, armored or binary, whoever made it. A private key is refused: what is public is asked for. */
export async function readCertificate(source: string | Uint8Array, clock: Clock): Promise<Certificate> {
  const keys = await readKeyBlock(source);
  const [key] = keys;
  if (keys.length !== 1 || !key) {
    throw unreadable(
      `there are ${String(keys.length)} certificates in it instead of one`,
      "export one key by its fingerprint: gpg --armor --export FINGERPRINT",
    );
  }
  if (key.isPrivate()) {
    throw new StrongroomError("usage", "CERTIFICATE_IS_PRIVATE", "this is a private key where a certificate is wanted", {
      hint: "export the public part: gpg --armor --export FINGERPRINT",
    });
  }
  return describe(key, clock);
}

/** What a key says about itself now. */
export async function describe(key: Key, clock: Clock): Promise<Certificate> {
  const now = new Date(clock.nowMs());
  const expiry = await key.getExpirationTime().catch(() => null);
  const expiresAtMs = expiry instanceof Date ? expiry.getTime() : undefined;
  const revoked = await key.isRevoked(undefined, undefined, now).catch(() => false);
  const publicKey = key.toPublic();
  return {
    fingerprint: key.getFingerprint().toLowerCase(),
    userIds: key.getUserIDs(),
    canEncrypt: !revoked && (await succeeds(key.getEncryptionKey(undefined, now))),
    canSign: !revoked && (await succeeds(publicKey.getSigningKey(undefined, now))),
    createdAtMs: key.getCreationTime().getTime(),
    expiresAtMs,
    state: revoked ? "revoked" : expiresAtMs !== undefined && expiresAtMs <= now.getTime() ? "expired" : "valid",
    armored: publicKey.armor(compatibilityProfile),
    key: publicKey,
  };
}

/** Throws, saying why, unless data can be encrypted to it now. */
export function requireEncryption(certificate: Certificate): void {
  const name = nameOf(certificate);
  if (certificate.state === "revoked") {
    throw new StrongroomError("failed", "CERTIFICATE_REVOKED", `the certificate ${name} was revoked`, {
      hint: "use another certificate",
    });
  }
  if (certificate.state === "expired") {
    throw new StrongroomError(
      "failed",
      "CERTIFICATE_EXPIRED",
      `the certificate ${name} expired at ${rfc3339(certificate.expiresAtMs!)}`,
      {
        hint: "extend it where its private key is, export it again and import it here",
      },
    );
  }
  if (!certificate.canEncrypt) {
    throw new StrongroomError(
      "failed",
      "CERTIFICATE_NO_ENCRYPTION_KEY",
      `the certificate ${name} has no valid key for encryption`,
      {
        hint: "add an encryption subkey to it, or use another certificate",
      },
    );
  }
}

function nameOf({ fingerprint, userIds }: Certificate): string {
  return userIds[0] === undefined ? fingerprint : `${fingerprint} (${printable(userIds[0])})`;
}

async function readKeyBlock(source: string | Uint8Array): Promise<Key[]> {
  if (source.length > certificateBytesMax) throw unreadable("it is larger than 1 MiB");
  const isBinary = typeof source !== "string" && (source[0] ?? 0) >= 0x80;
  try {
    if (isBinary) return await readKeys({ binaryKeys: Uint8Array.from(source) });
    return await readKeys({ armoredKeys: typeof source === "string" ? source : new TextDecoder().decode(source) });
  } catch (error) {
    throw unreadable("it is not an OpenPGP certificate", undefined, error);
  }
}

function unreadable(why: string, hint = "export it again: gpg --armor --export FINGERPRINT", cause?: unknown): StrongroomError {
  return new StrongroomError("usage", "CERTIFICATE_UNREADABLE", `the certificate cannot be used: ${why}`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch {
    return false;
  }
}
