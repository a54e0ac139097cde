/*
 * The interleaved inner loop. One step is 64 bytes of every active lane, written as four quarters so that the instructions of all
 * chains lie close together: a core looks only some 300 instructions ahead.
 */
#ifndef BULK_SEAL_KERNEL_H
#define BULK_SEAL_KERNEL_H

#include "lanes.h"

#ifdef BULK_SEAL_X86

#define KERNEL_TARGET __attribute__((target("aes,sha,ssse3,sse4.1,avx")))
#define KERNEL_INLINE static inline __attribute__((always_inline)) KERNEL_TARGET

enum active {
  ACTIVE_ENCRYPT = 1,
  ACTIVE_DECRYPT = 2,
  ACTIVE_MDC = 4,
  ACTIVE_MESSAGE = 8,
  ACTIVE_CONTENT = 16,
  ACTIVE_ALL = 32
};

/* Where every lane stands; a kernel moves the pointers of active lanes only. */
struct cursors {
  const uint8_t *input;
  uint8_t *output;
  const uint8_t *mdc;
  const uint8_t *message;
  const uint8_t *content;
};

typedef void kernel_function(struct lanes *lanes, struct cursors *cursors, size_t blocks);

/* One per combination of lanes; NULL where no lane is active or both directions are. */
extern kernel_function *const kernels[ACTIVE_ALL];

/* FIPS 197, 5.2, for 256 bits. */
void expand_key(__m128i keys[15], const uint8_t key[32]);

/* E(block) under the expanded key. */
KERNEL_INLINE __m128i aes_block(const __m128i keys[15], __m128i block) {
  block = _mm_xor_si128(block, keys[0]);
#pragma GCC unroll 13
  for (int round = 1; round < 14; round++) block = _mm_aesenc_si128(block, keys[round]);
  return _mm_aesenclast_si128(block, keys[14]);
}

#endif
#endif
