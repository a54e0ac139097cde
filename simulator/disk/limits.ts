/** What one command may be about: the block limits page tells it (SBC-4, 6.6.4). */
export const limits = {
  compareBlocks: 255,
  atomicBlocks: 4096,
  unmapBlocks: 0x100000,
  unmapDescriptors: 256,
  writeSameBlocks: 32_768,
  transferBlocks: 32_768,
} as const;
