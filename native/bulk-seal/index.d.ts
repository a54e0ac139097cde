/**
 * AES-256-CFB, SHA-1 of the plaintext (the MDC of OpenPGP), SHA-256 of the message and SHA-256 of file content: four chains of
 * one sealed
 * message. Each alone leaves a core waiting for itself; here they advance side by side in one instruction stream.
 *
 * Guarantees:
 * - Results depend on the bytes of each lane alone: not on how they are split into calls, on alignment, or on which lanes run
 * together.
 * - Everything is synchronous, and nothing given is kept after a call returns.
 * - `output` must overlap nothing that is read in the same call; that is checked. Wrong arguments throw a TypeError and change
 * nothing.
 */
export interface Lanes {
  /**
   * Encrypts `input` into `output` of the same length with AES-256-CFB (full-block feedback, zero IV), continuing where the last
   * call ended,
   * and advances the other lanes by what `also` holds. All lanes are worked off when it returns.
   */
  encrypt(input: Uint8Array, output: Uint8Array, also: LaneInput): void;
  /** The same in the other direction. A `Lanes` is used in one direction only. */
  decrypt(input: Uint8Array, output: Uint8Array, also: LaneInput): void;
  /** SHA-1 of all `mdc` input so far, 20 bytes. */
  mdc(): Uint8Array;
  /** SHA-256 of all `message` input so far, 32 bytes. */
  messageDigest(): Uint8Array;
  /** Zeroes the key and all state at once; every later call throws. May be called again. */
  dispose(): void;
}

export interface LaneInput {
  /** For SHA-1; may be `input` itself. */
  readonly mdc: Uint8Array;
  /** For the SHA-256 of the message. */
  readonly message: Uint8Array;
  /**
   * For the SHA-256 of content, in order: a stretch, or null where one content ends and the next begins. At most 4096 elements.
   */
  readonly contents: readonly (Uint8Array | null)[];
  /** Receives 32 bytes for each null of `contents`, in order, from its beginning on. */
  readonly digests: Uint8Array;
}

/** Whether this processor has what the native lanes need (x86-64 with AES, SHA and AVX2) and the addon was built. */
export const available: boolean;
/** Native lanes under a 32-byte key, which is copied. Throws where not `available`. */
export function createLanes(key: Uint8Array): Lanes;
/** The same lanes by node:crypto, on every machine, some two times slower. */
export function createPortableLanes(key: Uint8Array): Lanes;

/**
 * AES-256-OCB encryption (RFC 7253; nonce 120 bits, tag 128), message after message under one key. The same bytes as node:crypto
 * gives, written where they belong instead of into new buffers.
 *
 * Guarantees: as of `Lanes`. A nonce used twice under one key betrays what was encrypted: that is the caller's to see to.
 */
export interface OcbEncryptor {
  /** Begins a message; to be called before anything else. `nonce` has 15 bytes. */
  start(nonce: Uint8Array, associated: Uint8Array): void;
  /**
   * Encrypts the next bytes. Writes whole blocks and holds the rest, so `output` must have room for 15 bytes more than `input`
   * at the most. Returns how many bytes it wrote.
   */
  update(input: Uint8Array, output: Uint8Array): number;
  /** Writes what is left, then the tag, into at least 31 bytes. Returns how many bytes it wrote: 16 to 31. */
  finish(output: Uint8Array): number;
  /** Zeroes the key and all state at once; every later call throws. May be called again. */
  dispose(): void;
}

/** Native, under a 32-byte key, which is copied. Throws where not `available`. */
export function createOcb(key: Uint8Array): OcbEncryptor;
/** The same by node:crypto, on every machine. */
export function createPortableOcb(key: Uint8Array): OcbEncryptor;
