import { type Certificate, clearSign, makeSessionKeyPackets, readCertificate, unlockKey, verifyClearSigned } from "../formats/openpgp/index.ts";
import type { SignText, VerifyText } from "../formats/volume/index.ts";
import type { Clock } from "../words/index.ts";
import type { OperationParts } from "./parts.ts";

/** The appliance's keys, ready for work: whom to encrypt to, how to sign, whom to believe. */
export interface SealingKeys {
  readonly recipients: readonly { readonly role: "operations" | "recovery"; readonly fingerprint: string; readonly userIds: readonly string[] }[];
  readonly signer: string;
  readonly certificates: readonly { readonly name: string; readonly armored: string }[];
  readonly sign: SignText;
  readonly verify: VerifyText;
  /** A fresh session key with its packets for every recipient. The key is the caller's to zero or to give away. */
  makeSessionKey(): Promise<{ readonly sessionKey: Uint8Array; readonly sessionKeyPackets: Uint8Array }>;
}

export async function sealingKeys(parts: OperationParts): Promise<SealingKeys> {
  const { keys, clock, random } = parts;
  const operations = await readCertificate(keys.certificate("operations"), clock);
  const recovery = await readCertificate(keys.certificate("recovery"), clock);
  const signing = await unlockKey(keys.signingKeyText(), undefined, clock);
  const signers = await signingCertificates(parts);
  return {
    recipients: [
      { role: "operations", fingerprint: operations.fingerprint, userIds: operations.userIds },
      { role: "recovery", fingerprint: recovery.fingerprint, userIds: recovery.userIds },
    ],
    signer: signing.certificate.fingerprint,
    certificates: [
      { name: "operations", armored: operations.armored },
      { name: "recovery", armored: recovery.armored },
      { name: "signing", armored: signing.certificate.armored },
    ],
    sign: async (text) => await clearSign(text, signing, clock),
    verify: verifier(signers),
    makeSessionKey: async () => {
      // A buffer of its own: it is handed over to a sealing thread whole.
      const sessionKey = new Uint8Array(new ArrayBuffer(32));
      random(sessionKey);
      return { sessionKey, sessionKeyPackets: await makeSessionKeyPackets([operations, recovery], sessionKey, clock) };
    },
  };
}

/** Every certificate that the appliance ever signed with: old volumes stay its own. */
async function signingCertificates(parts: OperationParts): Promise<readonly Certificate[]> {
  const signing = parts.keys.list().filter(({ role }) => role === "signing");
  return await Promise.all(signing.map(({ fingerprint }) => readCertificate(parts.keys.certificate({ fingerprint }), parts.clock)));
}

/** Believes that one certificate and no other. */
export async function believing(certificate: Uint8Array, clock: Clock): Promise<VerifyText> {
  return verifier([await readCertificate(certificate, clock)]);
}

function verifier(certificates: readonly Certificate[]): VerifyText {
  return async (clearSigned) => {
    const { text, fingerprint } = await verifyClearSigned(clearSigned, certificates);
    return { text, signer: fingerprint };
  };
}
