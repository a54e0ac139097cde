import { config, enums } from "openpgp";

/**
 * What everything made here keeps to, so that any implementation of the last twenty years reads it: version 4 keys on the older
 * curve
 * identifiers, AES-256 with MDC, SHA-512, no compression, iterated and salted passphrases (RFC 4880; RFC 9580 calls some of it
 * legacy).
 */
export const compatibilityProfile: typeof config = {
  ...config,
  v6Keys: false,
  aeadProtect: false,
  preferredSymmetricAlgorithm: enums.symmetric.aes256,
  preferredHashAlgorithm: enums.hash.sha512,
  preferredCompressionAlgorithm: enums.compression.uncompressed,
  s2kType: enums.s2k.iterated,
  // 65,011,712 bytes through SHA-256: the most that the format can say.
  s2kIterationCountByte: 255,
  showVersion: false,
  showComment: false,
};
