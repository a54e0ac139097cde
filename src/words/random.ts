import { randomFillSync } from "node:crypto";

/** Where randomness comes from: fills the whole of `target` with unpredictable bytes. Tests give a seeded one. */
export type RandomBytes = (target: Uint8Array) => void;

/** The operating system's generator: the one for keys, session keys and identifiers. */
export const systemRandom: RandomBytes = (target) => {
  randomFillSync(target);
};

/** A version 4 UUID (RFC 9562, 5.4) in lower case. */
export function uuid(random: RandomBytes): string {
  const bytes = new Uint8Array(16);
  random(bytes);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
