#include "ocb.h"

#include <string.h>

#ifdef BULK_SEAL_X86

#define AT_ONCE 8

KERNEL_INLINE __m128i load(const uint8_t *bytes) {
  return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

KERNEL_INLINE void store(uint8_t *bytes, __m128i value) {
  _mm_storeu_si128((__m128i *)(void *)bytes, value);
}

/* Multiplication by x in GF(2^128), big-endian (RFC 7253, 2). Keys are made rarely: bytes are fast enough. */
KERNEL_TARGET static __m128i doubled(__m128i value) {
  uint8_t in[16], out[16];
  store(in, value);
  for (int i = 0; i < 15; i++) out[i] = (uint8_t)(in[i] << 1 | in[i + 1] >> 7);
  /* Without a branch on what is secret. */
  out[15] = (uint8_t)(in[15] << 1 ^ (0x87 & -(in[0] >> 7)));
  return load(out);
}

KERNEL_TARGET void ocb_key(struct ocb *ocb, const uint8_t key[32]) {
  memset(ocb, 0, sizeof *ocb);
  expand_key(ocb->round_keys, key);
  ocb->l_star = aes_block(ocb->round_keys, _mm_setzero_si128());
  ocb->l_dollar = doubled(ocb->l_star);
  ocb->l[0] = doubled(ocb->l_dollar);
  for (int i = 1; i < OCB_DOUBLINGS; i++) ocb->l[i] = doubled(ocb->l[i - 1]);
}

/* The last block of less than 16 bytes, closed by a one and zeros. */
KERNEL_TARGET static __m128i padded(const uint8_t *bytes, size_t length) {
  uint8_t block[16] = {0};
  memcpy(block, bytes, length);
  block[length] = 0x80;
  return load(block);
}

/* HASH(K, A) of RFC 7253, 4.1. */
KERNEL_TARGET static __m128i hash_associated(const struct ocb *ocb, const uint8_t *bytes, size_t length) {
  __m128i sum = _mm_setzero_si128(), offset = _mm_setzero_si128();
  uint64_t block = 0;
  for (; length >= 16; bytes += 16, length -= 16) {
    offset = _mm_xor_si128(offset, ocb->l[__builtin_ctzll(++block)]);
    sum = _mm_xor_si128(sum, aes_block(ocb->round_keys, _mm_xor_si128(load(bytes), offset)));
  }
  if (length == 0) return sum;
  offset = _mm_xor_si128(offset, ocb->l_star);
  return _mm_xor_si128(sum, aes_block(ocb->round_keys, _mm_xor_si128(padded(bytes, length), offset)));
}

/* The first offset: 128 bits of the stretched top, from the bit that the nonce's last six say (RFC 7253, 4.2). */
KERNEL_TARGET static __m128i first_offset(const struct ocb *ocb, const uint8_t nonce[OCB_NONCE_BYTES]) {
  uint8_t block[16] = {1}, stretch[25] = {0}, offset[16];
  memcpy(block + 1, nonce, OCB_NONCE_BYTES);
  const unsigned bottom = block[15] & 63, skip = bottom / 8, shift = bottom % 8;
  block[15] &= 0xc0;
  store(stretch, aes_block(ocb->round_keys, load(block)));
  for (int i = 0; i < 8; i++) stretch[16 + i] = stretch[i] ^ stretch[i + 1];
  for (int i = 0; i < 16; i++) {
    const unsigned both = (unsigned)stretch[skip + i] << 8 | stretch[skip + i + 1];
    offset[i] = (uint8_t)(both >> (8 - shift));
  }
  return load(offset);
}

KERNEL_TARGET void ocb_start(struct ocb *ocb, const uint8_t nonce[OCB_NONCE_BYTES], const uint8_t *associated, size_t length) {
  ocb->offset = first_offset(ocb, nonce);
  ocb->checksum = _mm_setzero_si128();
  ocb->associated = hash_associated(ocb, associated, length);
  ocb->blocks = 0;
  ocb->held_bytes = 0;
}

/* `count` blocks, at most AT_ONCE and constant after inlining. */
KERNEL_INLINE void encrypt_some(struct ocb *ocb, const uint8_t *input, uint8_t *output, const int count) {
  __m128i offsets[AT_ONCE], blocks[AT_ONCE];
#pragma GCC unroll 8
  for (int i = 0; i < count; i++) {
    const __m128i plain = load(input + 16 * i);
    ocb->offset = _mm_xor_si128(ocb->offset, ocb->l[__builtin_ctzll(++ocb->blocks)]);
    ocb->checksum = _mm_xor_si128(ocb->checksum, plain);
    offsets[i] = ocb->offset;
    blocks[i] = _mm_xor_si128(_mm_xor_si128(plain, ocb->offset), ocb->round_keys[0]);
  }
#pragma GCC unroll 13
  for (int round = 1; round < 14; round++) {
    const __m128i key = ocb->round_keys[round];
#pragma GCC unroll 8
    for (int i = 0; i < count; i++) blocks[i] = _mm_aesenc_si128(blocks[i], key);
  }
#pragma GCC unroll 8
  for (int i = 0; i < count; i++) {
    store(output + 16 * i, _mm_aesenclast_si128(blocks[i], _mm_xor_si128(ocb->round_keys[14], offsets[i])));
  }
}

size_t ocb_update_size(const struct ocb *ocb, size_t length) {
  return (ocb->held_bytes + length) / 16 * 16;
}

KERNEL_TARGET void ocb_update(struct ocb *ocb, const uint8_t *input, size_t length, uint8_t *output) {
  if (ocb->held_bytes > 0) {
    const size_t room = 16 - ocb->held_bytes, taken = length < room ? length : room;
    memcpy(ocb->held + ocb->held_bytes, input, taken);
    ocb->held_bytes += (uint32_t)taken;
    input += taken, length -= taken;
    if (ocb->held_bytes < 16) return;
    encrypt_some(ocb, ocb->held, output, 1);
    ocb->held_bytes = 0;
    output += 16;
  }
  for (; length >= 16 * AT_ONCE; input += 16 * AT_ONCE, output += 16 * AT_ONCE, length -= 16 * AT_ONCE) {
    encrypt_some(ocb, input, output, AT_ONCE);
  }
  for (; length >= 16; input += 16, output += 16, length -= 16) encrypt_some(ocb, input, output, 1);
  memcpy(ocb->held, input, length);
  ocb->held_bytes = (uint32_t)length;
}

KERNEL_TARGET size_t ocb_finish(struct ocb *ocb, uint8_t output[31]) {
  const size_t length = ocb->held_bytes;
  if (length > 0) {
    uint8_t pad[16];
    ocb->offset = _mm_xor_si128(ocb->offset, ocb->l_star);
    ocb->checksum = _mm_xor_si128(ocb->checksum, padded(ocb->held, length));
    store(pad, aes_block(ocb->round_keys, ocb->offset));
    for (size_t i = 0; i < length; i++) output[i] = ocb->held[i] ^ pad[i];
  }
  const __m128i closing = _mm_xor_si128(_mm_xor_si128(ocb->checksum, ocb->offset), ocb->l_dollar);
  store(output + length, _mm_xor_si128(aes_block(ocb->round_keys, closing), ocb->associated));
  ocb->held_bytes = 0;
  return length + OCB_TAG_BYTES;
}

#endif
