/**
 * - `operations` the certificate that restores of daily life decrypt for; its private key is with the operators
 * - `recovery` the certificate for the worst day; its private key is with the custodians
 * - `signing` the appliance's own key for seals, manifests and bootstraps: the only private key that is kept in the state
 */
export type KeyRole = "operations" | "recovery" | "signing";

export interface KeyRecord {
  readonly role: KeyRole;
  /** Of the primary key, lower-case hex: 40 digits (version 4) or 64 (version 6). */
  readonly fingerprint: string;
  readonly userIds: readonly string[];
  readonly createdMs: number;
  readonly expiresMs: number | undefined;
  /** When it was put into this ring. */
  readonly addedMs: number;
}

export interface NewKey extends KeyRecord {
  /** Armored (RFC 9580, 6.2). */
  readonly certificate: string;
  /** Armored private key; of the signing role only, and required there. */
  readonly privateKey?: string;
}

/**
 * The certificates of the appliance and its own signing key, as armored texts in the state folder. Knows roles, not cryptography:
 * whoever puts a key says what it is.
 *
 * Guarantees:
 * - The last key put for a role is the one in use; earlier ones stay, because volumes made with them stay.
 * - `put` takes effect wholly or not at all, and survives a power cut once it returned. Files have mode 0600.
 * - A private key is refused everywhere but in the signing role (PRIVATE_KEY_REFUSED), so that no decryption key ever gets into
 *   the state.
 */
export interface KeyRing {
  put(key: NewKey): KeyRecord;
  /** In the order in which they were put. */
  list(): readonly KeyRecord[];
  /** The key in use for a role; undefined when there is none. */
  current(role: KeyRole): KeyRecord | undefined;
  /** The armored certificate in use for a role, or that of a fingerprint. Rejects with KEY_MISSING when there is none. */
  certificate(which: KeyRole | { readonly fingerprint: string }): string;
  /** The armored private signing key in use. Rejects with KEY_MISSING when there is none. */
  signingKeyText(): string;
}
