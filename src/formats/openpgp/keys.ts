import { decryptKey, encryptKey, generateKey as generate, type PrivateKey, readPrivateKey } from "openpgp";
import { type Clock, StrongroomError } from "../../words/index.ts";
import { type Certificate, describe } from "./certificate.ts";
import { compatibilityProfile } from "./profile.ts";

/** A private key, unlocked, in memory. Its text form is for the appliance's own signing key only; all others leave locked. */
export interface UnlockedKey {
  readonly certificate: Certificate;
  readonly key: PrivateKey;
}

export interface NewKey {
  /** The user ID: who or what this key is for. */
  readonly name: string;
  /** `sign`: one Ed25519 key. `encrypt`: the same with a Curve25519 subkey to encrypt to. */
  readonly use: "encrypt" | "sign";
}

/**
 * Makes a version 4 key after the compatibility profile, which never expires: old volumes must open for as long as they are
 * read.
 */
export async function generateKey({ name, use }: NewKey, clock: Clock): Promise<UnlockedKey> {
  const { privateKey } = await generate({
    type: "ecc",
    curve: "ed25519Legacy",
    userIDs: [{ name }],
    // OpenPGP counts whole seconds; a key must not look younger than what it makes in its first second.
    date: new Date(Math.floor(clock.nowMs() / 1000) * 1000),
    subkeys: use === "encrypt" ? [{}] : [],
    format: "object",
    config: compatibilityProfile,
  });
  return { certificate: await describe(privateKey, clock), key: privateKey };
}

/** The private key in ASCII armor, locked by a passphrase; `gpg --import` takes it. The key given stays unlocked. */
export async function lockKey({ key }: UnlockedKey, passphrase: string): Promise<string> {
  if (passphrase === "")
    {throw new StrongroomError("usage", "PASSPHRASE_EMPTY", "the passphrase is empty", { hint: "choose a passphrase" });}
  const locked = await encryptKey({ privateKey: key, passphrase, config: compatibilityProfile });
  return locked.armor(compatibilityProfile);
}

/** The private key in ASCII armor, without a lock: who reads the text can sign as the appliance. */
export function unlockedText({ key }: UnlockedKey): string {
  return key.armor(compatibilityProfile);
}

/**
 * Reads a private key, armored or binary. `passphrase` undefined: it has no lock. Throws PASSPHRASE_WRONG, PASSPHRASE_NEEDED,
 * KEY_UNREADABLE.
 */
export async function unlockKey(source: string | Uint8Array, passphrase: string | undefined, clock: Clock): Promise<UnlockedKey> {
  const read = await readPrivate(source);
  const key = read.isDecrypted() ? read : await unlock(read, passphrase);
  return { certificate: await describe(key, clock), key };
}

async function unlock(privateKey: PrivateKey, passphrase: string | undefined): Promise<PrivateKey> {
  if (passphrase === undefined) {
    throw new StrongroomError("usage", "PASSPHRASE_NEEDED", "the private key is locked", { hint: "give its passphrase" });
  }
  try {
    return await decryptKey({ privateKey, passphrase });
  } catch (error) {
    throw new StrongroomError("denied", "PASSPHRASE_WRONG", "the passphrase does not open this private key", {
      hint: "give the passphrase that the key was locked with, for instance at key init",
      cause: error,
    });
  }
}

async function readPrivate(source: string | Uint8Array): Promise<PrivateKey> {
  const isBinary = typeof source !== "string" && (source[0] ?? 0) >= 0x80;
  try {
    if (isBinary) return await readPrivateKey({ binaryKey: Uint8Array.from(source) });
    return await readPrivateKey({ armoredKey: typeof source === "string" ? source : new TextDecoder().decode(source) });
  } catch (error) {
    throw new StrongroomError("usage", "KEY_UNREADABLE", "this is not an OpenPGP private key", {
      hint: "give the file that holds the private key",
      cause: error,
    });
  }
}
