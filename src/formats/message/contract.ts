/**
 * How the bulk of a message is encrypted. `mdc`: SEIPDv1, AES-256-CFB with MDC; `ocb`: packet 20, AES-256-OCB (GnuPG and
 * openpgp.js only).
 */
export type BulkCipher = "mdc" | "ocb";

/**
 * Seals one segment: plaintext in, one OpenPGP message out, every hash on the way, synchronously and in one thread.
 *
 * Guarantees of every implementation:
 * - The same inputs and the same randomness give the same bytes.
 * - `sink` receives the message in order; the bytes it gets are valid only during the call.
 * - Memory is bounded by some 500 KiB whatever the size, and 32 bytes for each content digest.
 * - The session key is zeroed by `finish` and by `abandon`.
 */
export interface SegmentSealer {
  /**
   * Adds a stretch of file content to the running content digest (SHA-256 of one file or of one piece of it).
   * The bytes must stay unchanged until the next `seal` or `finish` returns: hashing is interleaved with sealing, for speed.
   */
  hashContent(bytes: Uint8Array): void;
  /** Ends the running content digest. Digests come out in the order of these calls. */
  endContent(): void;
  /**
   * The next plaintext, of any length: one stretch, or several in order. The bytes are used up when it returns.
   * Content is hashed beside it at its own pace, so give what belongs to a slab of content in one call rather than in many small
   * ones.
   */
  seal(plain: Uint8Array | readonly Uint8Array[]): void;
  /** Ends the message. Nothing but `abandon` may be called afterwards. */
  finish(): SealedMessage;
  /** Gives up: zeroes the key, calls the sink no more. May be called at any time and again. */
  abandon(): void;
}

export interface SealedMessage {
  readonly sizeBytes: number;
  /** SHA-256 of the whole message, 32 bytes. */
  readonly sha256: Uint8Array;
  /** One SHA-256 of 32 bytes for each `endContent`, concatenated. */
  readonly contentDigests: Uint8Array;
}

export interface SealingParameters {
  readonly cipher: BulkCipher;
  /** Public-key encrypted session key packets for every recipient, as bytes, made from sessionKey. */
  readonly sessionKeyPackets: Uint8Array;
  /** 32 bytes; ownership passes to the sealer, which zeroes it. */
  readonly sessionKey: Uint8Array;
}

/**
 * Opens one message: bytes in, plaintext out. Plaintext is released before the end was seen, so what it says may be used only
 * after `finish` returned, or when the message was compared with a signed seal before.
 */
export interface SegmentOpener {
  /**
   * The next bytes of the message, split anywhere. They are used up when it returns. Throws `MESSAGE_DAMAGED` as soon as
   * something is wrong.
   */
  push(message: Uint8Array): void;
  /** Throws `MESSAGE_DAMAGED` unless the message was whole and its integrity code right. Zeroes the key either way. */
  finish(): void;
  /** Gives up and zeroes the key. May be called at any time and again. */
  abandon(): void;
}
