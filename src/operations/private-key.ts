import { readFileSync } from "node:fs";
import { unlockKey, type UnlockedKey } from "../formats/openpgp/index.ts";
import { type Clock, printable, StrongroomError } from "../words/index.ts";
import type { SecretSource } from "./contract.ts";

const keyBytesMax = 1024 * 1024;

/** An armored private key out of a file, unlocked with a secret that is asked for once and zeroed. */
export async function unlockedKey(request: { readonly keyFile: string; readonly passphrase: SecretSource }, clock: Clock): Promise<UnlockedKey> {
  const text = readKeyFile(request.keyFile);
  const secret = await request.passphrase();
  try {
    return await unlockKey(text, Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength).toString(), clock);
  } finally {
    secret.fill(0);
  }
}

function readKeyFile(path: string): Uint8Array {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new StrongroomError("missing", "KEY_FILE_MISSING", `the key file ${printable(path)} cannot be read; nothing was restored`, {
      hint: "name the file that key init wrote, or one exported with gpg --armor --export-secret-keys",
      cause,
    });
  }
  if (bytes.length <= keyBytesMax) return bytes;
  throw new StrongroomError("usage", "KEY_UNREADABLE", `${printable(path)} is too large for a key; nothing was restored`);
}
