import type { SignText, VerifyText, VolumeRecipient } from "../../formats/volume/index.ts";

/** What the appliance puts on every volume of its own, and how it signs and checks. */
export interface ApplianceIdentity {
  readonly uuid: string;
  readonly name: string;
  /** Who to ask, in the operator's words; may be empty. */
  readonly custody: string;
  readonly recipients: readonly VolumeRecipient[];
  /** Fingerprint of the signing certificate. */
  readonly signer: string;
  /** Public certificates, armored, by the name of their file on the volume. */
  readonly certificates: readonly { readonly name: string; readonly armored: string }[];
  readonly lockedRecoveryKey: string | undefined;
  readonly sign: SignText;
  readonly verify: VerifyText;
}
