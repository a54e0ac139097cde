/**
 * Makes a clear-signed text (RFC 4880, 7) with the appliance's signing key. The caller binds the key and the clock, so that
 * everything here stays a function of its arguments.
 */
export type SignText = (text: string) => Promise<string>;

/**
 * Checks a clear-signed text against the certificates that the caller trusts and answers what was signed.
 * Rejects with `SIGNATURE_BAD` when the text is not what was signed, with `SIGNER_UNKNOWN` when none of the certificates made it.
 */
export type VerifyText = (clearSigned: string) => Promise<VerifiedText>;

export interface VerifiedText {
  readonly text: string;
  /** Fingerprint of the certificate that the signature was made with, hex. */
  readonly signer: string;
}
