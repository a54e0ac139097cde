/*
 * AES-256-OCB (RFC 7253) with a nonce of 120 bits and a tag of 128, one direction: encryption. Blocks do not wait for each other,
 * so eight are under way at once.
 */
#ifndef BULK_SEAL_OCB_H
#define BULK_SEAL_OCB_H

#include "kernel.h"

#ifdef BULK_SEAL_X86

enum { OCB_NONCE_BYTES = 15, OCB_TAG_BYTES = 16, OCB_DOUBLINGS = 48 };

struct ocb {
  __m128i round_keys[15];
  __m128i l_star, l_dollar, l[OCB_DOUBLINGS]; /* RFC 7253, 4.1: enough for 2^48 blocks of one message */
  __m128i offset, checksum, associated;
  uint64_t blocks;
  uint32_t held_bytes; /* of `held`, below 16 between calls */
  uint8_t held[16];
};

void ocb_key(struct ocb *ocb, const uint8_t key[32]);
/* Begins a message; what was left of another is forgotten. */
void ocb_start(struct ocb *ocb, const uint8_t nonce[OCB_NONCE_BYTES], const uint8_t *associated, size_t length);
/* How many bytes `ocb_update` would write for so many: whole blocks. */
size_t ocb_update_size(const struct ocb *ocb, size_t length);
void ocb_update(struct ocb *ocb, const uint8_t *input, size_t length, uint8_t *output);
/* Writes what is left of the ciphertext, then the tag: at most 31 bytes. Returns how many. */
size_t ocb_finish(struct ocb *ocb, uint8_t output[31]);

#endif
#endif
