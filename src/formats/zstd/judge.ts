import { constants, zstdCompressSync } from "node:zlib";

/** Compression must save at least this part to be worth what it costs here and on every restore. */
const worthwhileSaving = 0.05;
/**
 * Bits a byte of entropy above which letters alone promise nothing. 8 × 0.95 less a little, because a small sample looks emptier
 * than it is.
 */
const emptyBits = 7.4;
const sampleCount = 16;
const sampleBytes = 256;
const trialBytes = 64 * 1024;
const holdOffMax = 16;

/**
 * Guesses from a small sample and from the last outcomes whether a stretch is worth compressing. Deterministic: the same
 * stretches get the same answers.
 */
export class CompressionJudge {
  #dense = 0;
  #failures = 0;
  #heldOff = 0;

  promises(stretch: Uint8Array): boolean {
    if (this.#heldOff > 0) {
      this.#heldOff -= 1;
      return false;
    }
    if (entropyBits(stretch) < emptyBits) return true;
    // Dense bytes may still repeat: now and then a short trial looks for that.
    this.#dense += 1;
    return this.#dense % holdOffMax === 1 && trialPays(stretch);
  }

  /** What came of it. After failures in a row, ever more stretches are stored without a look. */
  learn(stretchBytes: number, compressedBytes: number): boolean {
    const paid = pays(stretchBytes, compressedBytes);
    this.#failures = paid ? 0 : this.#failures + 1;
    if (!paid) this.#heldOff = Math.min(2 ** this.#failures, holdOffMax);
    if (paid) this.#dense = 0;
    return paid;
  }
}

function pays(plainBytes: number, compressedBytes: number): boolean {
  return compressedBytes <= plainBytes * (1 - worthwhileSaving);
}

function trialPays(stretch: Uint8Array): boolean {
  const from = Math.max(0, (stretch.length - trialBytes) >> 1);
  const sample = stretch.subarray(from, from + trialBytes);
  return pays(sample.length, zstdCompressSync(sample, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }).length);
}

/** Shannon entropy of the byte values in short samples spread evenly over the stretch. */
function entropyBits(stretch: Uint8Array): number {
  const counts = new Uint32Array(256);
  const step = Math.max(sampleBytes, Math.floor(stretch.length / sampleCount));
  let total = 0;
  for (let from = 0; from < stretch.length; from += step) {
    const to = Math.min(from + sampleBytes, stretch.length);
    for (let at = from; at < to; at++) counts[stretch[at]!]! += 1;
    total += to - from;
  }
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return bits;
}
