import { readFileSync, writeFileSync } from "node:fs";
import { config, decryptKey, encryptKey, enums, readPrivateKey } from "openpgp";

/** The least that the format can say: 1024 bytes. */
const lightest = 0;

/**
 * Locks an exported key again by the same passphrase, made cheap to guess: what the appliance demands of one (65 MB through SHA-256) is a quarter of the work of a
 * case, and nothing that cases are about.
 */
export async function lightenKey(path: string, passphrase: string): Promise<void> {
  const locked = await readPrivateKey({ armoredKey: readFileSync(path, "utf8") });
  const privateKey = await decryptKey({ privateKey: locked, passphrase });
  const light = await encryptKey({ privateKey, passphrase, config: { ...config, s2kType: enums.s2k.iterated, s2kIterationCountByte: lightest, aeadProtect: false } });
  writeFileSync(path, light.armor());
}
