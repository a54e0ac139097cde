#include "kernel.h"

#ifdef BULK_SEAL_X86

/* FIPS 180-4, 4.2.2. */
static const uint32_t sha256_constants[64] __attribute__((aligned(16))) = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

struct sha1_run {
  __m128i abcd, abcd_before, e_before;
  __m128i e[2];
  __m128i words[4];
};

struct sha256_run {
  __m128i abef, cdgh, abef_before, cdgh_before;
  __m128i words[4];
};

KERNEL_INLINE __m128i load(const uint8_t *bytes) {
  return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

/*
 * Five of the twenty groups of four rounds. `quarter` is constant after inlining, so every condition here is decided by the
 * compiler.
 */
KERNEL_INLINE void sha1_quarter(struct sha1_run *run, const uint8_t *block, const int quarter) {
  const __m128i reverse = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
#pragma GCC unroll 5
  for (int i = 0; i < 5; i++) {
    const int group = quarter * 5 + i;
    const int this = group & 3, next = (group + 1) & 3, last = (group + 3) & 3, other = (group + 2) & 3;
    __m128i *words = run->words;
    if (group < 4) words[this] = _mm_shuffle_epi8(load(block + 16 * group), reverse);
    __m128i e = run->e[group & 1];
    e = group == 0 ? _mm_add_epi32(e, words[this]) : _mm_sha1nexte_epu32(e, words[this]);
    run->e[(group + 1) & 1] = run->abcd;
    if (group >= 3 && group <= 18) words[next] = _mm_sha1msg2_epu32(words[next], words[this]);
    switch (quarter) {
      case 0: run->abcd = _mm_sha1rnds4_epu32(run->abcd, e, 0); break;
      case 1: run->abcd = _mm_sha1rnds4_epu32(run->abcd, e, 1); break;
      case 2: run->abcd = _mm_sha1rnds4_epu32(run->abcd, e, 2); break;
      default: run->abcd = _mm_sha1rnds4_epu32(run->abcd, e, 3); break;
    }
    if (group >= 1 && group <= 16) words[last] = _mm_sha1msg1_epu32(words[last], words[this]);
    if (group >= 2 && group <= 17) words[other] = _mm_xor_si128(words[other], words[this]);
  }
}

KERNEL_INLINE void sha1_begin_block(struct sha1_run *run) {
  run->abcd_before = run->abcd;
  run->e_before = run->e[0];
}

KERNEL_INLINE void sha1_end_block(struct sha1_run *run) {
  run->e[0] = _mm_sha1nexte_epu32(run->e[0], run->e_before);
  run->abcd = _mm_add_epi32(run->abcd, run->abcd_before);
}

/* Four of the sixteen groups of four rounds. */
KERNEL_INLINE void sha256_quarter(struct sha256_run *run, const uint8_t *block, const int quarter) {
  const __m128i reverse = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    const int group = quarter * 4 + i;
    const int this = i & 3, next = (i + 1) & 3, last = (i + 3) & 3;
    __m128i *words = run->words;
    if (group < 4) words[this] = _mm_shuffle_epi8(load(block + 16 * group), reverse);
    __m128i sum = _mm_add_epi32(words[this], _mm_load_si128((const __m128i *)(const void *)(sha256_constants + 4 * group)));
    run->cdgh = _mm_sha256rnds2_epu32(run->cdgh, run->abef, sum);
    if (group >= 3 && group <= 14) {
      words[next] = _mm_add_epi32(words[next], _mm_alignr_epi8(words[this], words[last], 4));
      words[next] = _mm_sha256msg2_epu32(words[next], words[this]);
    }
    run->abef = _mm_sha256rnds2_epu32(run->abef, run->cdgh, _mm_shuffle_epi32(sum, 0x0e));
    if (group >= 1 && group <= 12) words[last] = _mm_sha256msg1_epu32(words[last], words[this]);
  }
}

KERNEL_INLINE void sha256_begin_block(struct sha256_run *run) {
  run->abef_before = run->abef;
  run->cdgh_before = run->cdgh;
}

KERNEL_INLINE void sha256_end_block(struct sha256_run *run) {
  run->abef = _mm_add_epi32(run->abef, run->abef_before);
  run->cdgh = _mm_add_epi32(run->cdgh, run->cdgh_before);
}

KERNEL_INLINE void store(uint8_t *bytes, __m128i value) {
  _mm_storeu_si128((__m128i *)(void *)bytes, value);
}

/*
 * One CFB block. `*whitened` is the previous ciphertext block already XORed with the first round key: the plaintext and both
 * outer round keys go in as the
 * last round's key, so that nothing but the fourteen rounds lies on the chain.
 */
KERNEL_INLINE void encrypt_block(const __m128i keys[15], __m128i *whitened, const uint8_t *input, uint8_t *output) {
  const __m128i plain = _mm_xor_si128(load(input), keys[14]);
  const __m128i onward = _mm_xor_si128(plain, keys[0]);
  __m128i block = *whitened;
#pragma GCC unroll 13
  for (int round = 1; round < 14; round++) block = _mm_aesenc_si128(block, keys[round]);
  *whitened = _mm_aesenclast_si128(block, onward);
  store(output, _mm_aesenclast_si128(block, plain));
}

/* Four blocks at once: nothing waits when all ciphertext is there. */
KERNEL_INLINE void decrypt_blocks(const __m128i keys[15], __m128i *feedback, const uint8_t *input, uint8_t *output) {
  __m128i cipher[4], block[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    cipher[i] = load(input + 16 * i);
    block[i] = _mm_xor_si128(i == 0 ? *feedback : cipher[i - 1], keys[0]);
  }
#pragma GCC unroll 13
  for (int round = 1; round < 14; round++) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) block[i] = _mm_aesenc_si128(block[i], keys[round]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) store(output + 16 * i, _mm_aesenclast_si128(block[i], _mm_xor_si128(keys[14], cipher[i])));
  *feedback = cipher[3];
}

/* The one loop all kernels are made of; `active` is constant after inlining. */
KERNEL_INLINE void run_kernel(struct lanes *lanes, struct cursors *cursors, size_t blocks, const int active) {
  struct sha1_run mdc;
  struct sha256_run message, content;
  const __m128i *keys = lanes->cipher.round_keys;
  __m128i feedback = load(lanes->cipher.feedback);
  if (active & ACTIVE_ENCRYPT) feedback = _mm_xor_si128(feedback, keys[0]);
  if (active & ACTIVE_MDC) mdc.abcd = lanes->mdc.chain[0], mdc.e[0] = lanes->mdc.chain[1];
  if (active & ACTIVE_MESSAGE) message.abef = lanes->message.chain[0], message.cdgh = lanes->message.chain[1];
  if (active & ACTIVE_CONTENT) content.abef = lanes->content.chain[0], content.cdgh = lanes->content.chain[1];
  struct cursors at = *cursors;
  for (; blocks > 0; blocks--) {
    if (active & ACTIVE_MDC) sha1_begin_block(&mdc);
    if (active & ACTIVE_MESSAGE) sha256_begin_block(&message);
    if (active & ACTIVE_CONTENT) sha256_begin_block(&content);
    if (active & ACTIVE_DECRYPT) decrypt_blocks(keys, &feedback, at.input, at.output);
#pragma GCC unroll 4
    for (int quarter = 0; quarter < 4; quarter++) {
      if (active & ACTIVE_ENCRYPT) encrypt_block(keys, &feedback, at.input + 16 * quarter, at.output + 16 * quarter);
      if (active & ACTIVE_MDC) sha1_quarter(&mdc, at.mdc, quarter);
      if (active & ACTIVE_MESSAGE) sha256_quarter(&message, at.message, quarter);
      if (active & ACTIVE_CONTENT) sha256_quarter(&content, at.content, quarter);
    }
    if (active & ACTIVE_MDC) sha1_end_block(&mdc), at.mdc += 64;
    if (active & ACTIVE_MESSAGE) sha256_end_block(&message), at.message += 64;
    if (active & ACTIVE_CONTENT) sha256_end_block(&content), at.content += 64;
    if (active & (ACTIVE_ENCRYPT | ACTIVE_DECRYPT)) at.input += 64, at.output += 64;
  }
  *cursors = at;
  if (active & ACTIVE_ENCRYPT) feedback = _mm_xor_si128(feedback, keys[0]);
  if (active & (ACTIVE_ENCRYPT | ACTIVE_DECRYPT)) store(lanes->cipher.feedback, feedback);
  if (active & ACTIVE_MDC) lanes->mdc.chain[0] = mdc.abcd, lanes->mdc.chain[1] = mdc.e[0];
  if (active & ACTIVE_MESSAGE) lanes->message.chain[0] = message.abef, lanes->message.chain[1] = message.cdgh;
  if (active & ACTIVE_CONTENT) lanes->content.chain[0] = content.abef, lanes->content.chain[1] = content.cdgh;
}

#define KERNEL(active)                                                                                       \
  KERNEL_TARGET static void kernel_##active(struct lanes *lanes, struct cursors *cursors, size_t blocks) {   \
    run_kernel(lanes, cursors, blocks, active);                                                              \
  }

/* Every combination of the flags but none, and those with both directions. */
KERNEL(1) KERNEL(2) KERNEL(4) KERNEL(5) KERNEL(6) KERNEL(8) KERNEL(9) KERNEL(10) KERNEL(12) KERNEL(13) KERNEL(14) KERNEL(16)
KERNEL(17) KERNEL(18) KERNEL(20) KERNEL(21) KERNEL(22) KERNEL(24) KERNEL(25) KERNEL(26) KERNEL(28) KERNEL(29) KERNEL(30)

kernel_function *const kernels[ACTIVE_ALL] = {
  [1] = kernel_1, [2] = kernel_2, [4] = kernel_4, [5] = kernel_5, [6] = kernel_6, [8] = kernel_8,
  [9] = kernel_9, [10] = kernel_10, [12] = kernel_12, [13] = kernel_13, [14] = kernel_14, [16] = kernel_16,
  [17] = kernel_17, [18] = kernel_18, [20] = kernel_20, [21] = kernel_21, [22] = kernel_22, [24] = kernel_24,
  [25] = kernel_25, [26] = kernel_26, [28] = kernel_28, [29] = kernel_29, [30] = kernel_30,
};

#else
/* No kernel for this processor: the addon reports itself unavailable. */
typedef int bulk_seal_nothing_here;
#endif
