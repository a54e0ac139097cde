import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Certificate, generateKey, makeSessionKeyPackets, readCertificate, type UnlockedKey, unlockedText, unlockKey } from "../../src/formats/openpgp/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";

const roles = ["operations", "recovery"] as const;

/** Makes keys for two recipients that guard nothing: without a lock, in the workspace. */
export async function makeBenchKeys(folder: string): Promise<void> {
  for (const role of roles) {
    const key = await generateKey({ name: `bench ${role}`, use: "encrypt" }, systemClock);
    writeFileSync(join(folder, `${role}.public.asc`), key.certificate.armored);
    writeFileSync(join(folder, `${role}.private.asc`), unlockedText(key), { mode: 0o600 });
  }
}

export async function benchRecipients(folder: string): Promise<readonly Certificate[]> {
  return await Promise.all(roles.map((role) => readCertificate(readFileSync(join(folder, `${role}.public.asc`), "utf8"), systemClock)));
}

export async function benchPrivateKey(folder: string): Promise<UnlockedKey> {
  return await unlockKey(readFileSync(join(folder, "operations.private.asc"), "utf8"), undefined, systemClock);
}

/** A fresh session key for both recipients, as an archive run makes one for every segment. */
export async function freshSessionKey(recipients: readonly Certificate[]) {
  const sessionKey = new Uint8Array(new ArrayBuffer(32));
  systemRandom(sessionKey);
  return { sessionKey, sessionKeyPackets: await makeSessionKeyPackets(recipients, sessionKey, systemClock) };
}
