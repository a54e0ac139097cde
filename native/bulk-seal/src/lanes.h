/*
 * The lanes of one message: AES-256-CFB, SHA-1 of the plaintext, SHA-256 of the message, SHA-256 of file content.
 *
 * Each is a chain in which every block waits for the one before, so one alone leaves a core mostly waiting. A kernel advances all
 * lanes that have work by 64 bytes a step in one instruction stream; the core overlaps the chains. Which lanes run changes only
 * speed, never a result.
 */
#ifndef BULK_SEAL_LANES_H
#define BULK_SEAL_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#define BULK_SEAL_X86 1
#include <immintrin.h>
#endif

enum direction { DIRECTION_ENCRYPT = 0, DIRECTION_DECRYPT = 1 };

#ifdef BULK_SEAL_X86

/* FIPS 180-4 chaining value in the register layout of the SHA instructions: SHA-1 {abcd, e}, SHA-256 {abef, cdgh}. */
struct hash_lane {
  __m128i chain[2];
  uint64_t total_bytes;
  uint32_t held_bytes; /* of `held`, always below 64 between calls */
  uint8_t held[128];   /* room for the last block and a block of padding */
};

struct cipher_lane {
  __m128i round_keys[15];
  uint8_t feedback[16]; /* the last 16 bytes of ciphertext, the running block being overwritten as it grows */
  uint8_t pad[16];      /* E(feedback) while a block is under way */
  uint32_t used_bytes;  /* of `pad`; 0 at a block boundary */
};

struct lanes {
  struct cipher_lane cipher;
  struct hash_lane mdc;     /* SHA-1 */
  struct hash_lane message; /* SHA-256 */
  struct hash_lane content; /* SHA-256, begun anew after every end mark */
};

/* A stretch of content; `bytes` NULL is an end mark. */
struct stretch {
  const uint8_t *bytes;
  size_t length;
};

/* What one call has to do. Nothing may overlap `output`, except that SHA-1 may read `input`. */
struct work {
  enum direction direction;
  const uint8_t *input;
  uint8_t *output;
  size_t length;
  const uint8_t *mdc;
  size_t mdc_length;
  const uint8_t *message;
  size_t message_length;
  const struct stretch *contents;
  size_t content_count;
  uint8_t *digests; /* 32 bytes for each end mark */
};

bool lanes_available(void);
void lanes_start(struct lanes *lanes, const uint8_t key[32]);
void lanes_run(struct lanes *lanes, const struct work *work);
/* The digests so far; the lanes go on undisturbed. */
void lanes_mdc(const struct lanes *lanes, uint8_t digest[20]);
void lanes_message(const struct lanes *lanes, uint8_t digest[32]);

#endif
#endif
