const flagBytes = 8;
const flags = Array.from({ length: flagBytes * 8 }, (_, index) => index + 1);

/** TapeAlert flags 1 to 64 as bits: flag 1 is bit 7 of byte 0 (SSC-5, 8.2.3). Undefined when there are not that many. */
export function flagNumbers(bits: Uint8Array | undefined): number[] | undefined {
  if (bits === undefined || bits.length < flagBytes) return undefined;
  return flags.filter((flag) => (((bits[(flag - 1) >> 3] ?? 0) >> (7 - ((flag - 1) & 7))) & 1) === 1);
}
