/** GF(256) by x^8 + x^4 + x^3 + x^2 + 1. */
const field = 0x11d;
/** Of the generator x^4 + a^201 x^3 + a^246 x^2 + a^201 x + 1, as numbers, below the highest. */
const generator = [0x38, 0xcf, 0x38, 0x01] as const;

function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0, shifted = a; bit < 8; bit += 1) {
    if ((b & (1 << bit)) !== 0) product ^= shifted;
    shifted = (shifted << 1) ^ ((shifted & 0x80) !== 0 ? field : 0);
  }
  return product;
}

/** What the first byte of the remainder adds to the others, for each value of it. */
const table = Uint32Array.from({ length: 256 }, (_, byte) =>
  generator.reduce((word, coefficient) => ((word << 8) | multiply(byte, coefficient)) >>> 0, 0));

/**
 * The Reed-Solomon CRC of LTO (ECMA-319 and SSC-5, method 1): the remainder of the block by the generator polynomial. Drives up to LTO-6 have no
 * other one.
 */
export function reedSolomonCrc(block: Uint8Array): number {
  let remainder = 0;
  for (const byte of block) remainder = (remainder << 8) ^ table[(remainder >>> 24) ^ byte]!;
  return remainder >>> 0;
}
