import { createHash, timingSafeEqual } from "node:crypto";

/** CHAP algorithms (RFC 7143, 12.1.3, and the IANA registry of PPP authentication algorithms), the best first. SHA-1 is left out. */
export const chapAlgorithms = [
  { number: 7, hash: "sha256", bytes: 32 },
  { number: 5, hash: "md5", bytes: 16 },
] as const;

export type ChapAlgorithm = (typeof chapAlgorithms)[number];

/** Challenges have at most this size (RFC 7143, 12.1.3). */
export const challengeLimitBytes = 1024;

/** RFC 1994, 4.1: the hash of identifier, secret and challenge. */
export function chapResponse(algorithm: ChapAlgorithm, identifier: number, secret: Uint8Array, challenge: Uint8Array): Uint8Array {
  const digest = createHash(algorithm.hash).update(Uint8Array.of(identifier)).update(secret).update(challenge).digest();
  return new Uint8Array(digest);
}

/** Compares in a time that tells nothing. */
export function isSameResponse(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
