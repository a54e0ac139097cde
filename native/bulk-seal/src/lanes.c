#include "kernel.h"

#include <string.h>

#ifdef BULK_SEAL_X86

bool lanes_available(void) {
  /* __builtin_cpu_supports knows no "sha" in the compilers we support: CPUID leaf 7, EBX bit 29. */
  uint32_t eax = 7, ebx = 0, ecx = 0, edx = 0;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("ssse3") || !__builtin_cpu_supports("sse4.1")) return false;
  __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  if ((ebx & (UINT32_C(1) << 29)) == 0) return false;
  eax = 1, ecx = 0;
  __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  return (ecx & (UINT32_C(1) << 25)) != 0;
}

/* FIPS 197, 5.2, for 256 bits: every second round key goes through RotWord and the round constant. */
KERNEL_TARGET static __m128i spread(__m128i key, __m128i assist) {
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  return _mm_xor_si128(key, assist);
}

#define EXPAND(index, constant)                                                                                              \
  keys[index] = spread(keys[index - 2], _mm_shuffle_epi32(_mm_aeskeygenassist_si128(keys[index - 1], constant), 0xff));      \
  if (index < 14) keys[index + 1] = spread(keys[index - 1], _mm_shuffle_epi32(_mm_aeskeygenassist_si128(keys[index], 0), 0xaa))

KERNEL_TARGET void expand_key(__m128i keys[15], const uint8_t key[32]) {
  keys[0] = _mm_loadu_si128((const __m128i *)(const void *)key);
  keys[1] = _mm_loadu_si128((const __m128i *)(const void *)(key + 16));
  EXPAND(2, 0x01);
  EXPAND(4, 0x02);
  EXPAND(6, 0x04);
  EXPAND(8, 0x08);
  EXPAND(10, 0x10);
  EXPAND(12, 0x20);
  keys[14] = spread(keys[12], _mm_shuffle_epi32(_mm_aeskeygenassist_si128(keys[13], 0x40), 0xff));
}

static void sha1_start(struct hash_lane *lane) {
  lane->chain[0] = _mm_set_epi32(0x67452301, (int)0xefcdab89, (int)0x98badcfe, 0x10325476);
  lane->chain[1] = _mm_set_epi32((int)0xc3d2e1f0, 0, 0, 0);
  lane->total_bytes = 0;
  lane->held_bytes = 0;
}

static void sha256_start(struct hash_lane *lane) {
  lane->chain[0] = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c); /* a b e f */
  lane->chain[1] = _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);      /* c d g h */
  lane->total_bytes = 0;
  lane->held_bytes = 0;
}

void lanes_start(struct lanes *lanes, const uint8_t key[32]) {
  memset(lanes, 0, sizeof *lanes);
  expand_key(lanes->cipher.round_keys, key);
  sha1_start(&lanes->mdc);
  sha256_start(&lanes->message);
  sha256_start(&lanes->content);
}

static void put_be32(uint8_t *bytes, uint32_t value) {
  for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put_words(uint8_t *digest, __m128i words, const int order[4]) {
  uint32_t lanes[4];
  memcpy(lanes, &words, sizeof lanes);
  for (int i = 0; i < 4; i++) {
    if (order[i] >= 0) put_be32(digest + 4 * order[i], lanes[i]);
  }
}

static void put_sha1(uint8_t *digest, const struct hash_lane *lane) {
  put_words(digest, lane->chain[0], (const int[4]){3, 2, 1, 0});
  put_words(digest, lane->chain[1], (const int[4]){-1, -1, -1, 4});
}

static void put_sha256(uint8_t *digest, const struct hash_lane *lane) {
  put_words(digest, lane->chain[0], (const int[4]){5, 4, 1, 0});
  put_words(digest, lane->chain[1], (const int[4]){7, 6, 3, 2});
}

/* Appends 0x80, zeros and the length in bits to what is held; returns how many bytes that is now: 64 or 128. */
static uint32_t pad_held(struct hash_lane *lane) {
  const uint32_t padded = lane->held_bytes < 56 ? 64 : 128;
  lane->held[lane->held_bytes] = 0x80;
  memset(lane->held + lane->held_bytes + 1, 0, padded - lane->held_bytes - 1);
  put_be32(lane->held + padded - 8, (uint32_t)(lane->total_bytes >> 29));
  put_be32(lane->held + padded - 4, (uint32_t)(lane->total_bytes << 3));
  return padded;
}

static void close_copy(struct lanes *copy, struct hash_lane *lane, int active) {
  const size_t padded = pad_held(lane);
  struct cursors at = {.mdc = lane->held, .message = lane->held};
  kernels[active](copy, &at, padded / 64);
}

void lanes_mdc(const struct lanes *lanes, uint8_t digest[20]) {
  struct lanes copy = {.mdc = lanes->mdc};
  close_copy(&copy, &copy.mdc, ACTIVE_MDC);
  put_sha1(digest, &copy.mdc);
}

void lanes_message(const struct lanes *lanes, uint8_t digest[32]) {
  struct lanes copy = {.message = lanes->message};
  close_copy(&copy, &copy.message, ACTIVE_MESSAGE);
  put_sha256(digest, &copy.message);
}

/* Bytes of one block that is begun or left over. */
KERNEL_TARGET static void crypt_bytes(
  struct cipher_lane *cipher, enum direction direction, const uint8_t *input, uint8_t *output, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (cipher->used_bytes == 0) {
      const __m128i block = aes_block(cipher->round_keys, _mm_loadu_si128((const __m128i *)(const void *)cipher->feedback));
      _mm_storeu_si128((__m128i *)(void *)cipher->pad, block);
    }
    const uint8_t in = input[i];
    const uint8_t out = in ^ cipher->pad[cipher->used_bytes];
    cipher->feedback[cipher->used_bytes] = direction == DIRECTION_ENCRYPT ? out : in;
    cipher->used_bytes = (cipher->used_bytes + 1) & 15;
    output[i] = out;
  }
}

/* What a hash lane has in front of it: first the held block when it became whole, then the caller's own bytes. */
struct feed {
  struct hash_lane *lane;
  const uint8_t *now; /* whole blocks ready for the kernel */
  size_t now_blocks;
  const uint8_t *rest; /* behind them */
  size_t rest_length;
};

/* Makes whole blocks ready, or holds what is less than one. */
static void refill(struct feed *feed) {
  struct hash_lane *lane = feed->lane;
  if (feed->now_blocks > 0 || feed->rest_length == 0) return;
  if (lane->held_bytes == 0 && feed->rest_length >= 64) {
    feed->now = feed->rest;
    feed->now_blocks = feed->rest_length / 64;
    feed->rest += feed->now_blocks * 64;
    feed->rest_length %= 64;
    return;
  }
  const size_t room = 64 - lane->held_bytes;
  const size_t taken = feed->rest_length < room ? feed->rest_length : room;
  memcpy(lane->held + lane->held_bytes, feed->rest, taken);
  feed->rest += taken;
  feed->rest_length -= taken;
  lane->held_bytes += (uint32_t)taken;
  if (lane->held_bytes < 64) return;
  lane->held_bytes = 0;
  feed->now = lane->held;
  feed->now_blocks = 1;
}

static void refill_all(struct feed *feed) {
  while (feed->now_blocks == 0 && feed->rest_length > 0) refill(feed);
}

static void offer(struct feed *feed, const uint8_t *bytes, size_t length) {
  feed->rest = bytes;
  feed->rest_length = length;
  feed->lane->total_bytes += length;
}

/* Walks the list of content: stretches, and end marks, each of which is a block or two of padding through the same lane. */
struct content_walk {
  struct feed feed;
  const struct stretch *next;
  size_t left;
  uint8_t *digests;
  bool closing;
};

static void refill_content(struct content_walk *walk) {
  for (;;) {
    refill_all(&walk->feed);
    if (walk->feed.now_blocks > 0) return;
    struct hash_lane *lane = walk->feed.lane;
    if (walk->closing) {
      put_sha256(walk->digests, lane);
      walk->digests += 32;
      walk->closing = false;
      sha256_start(lane);
    }
    if (walk->left == 0) return;
    const struct stretch *stretch = walk->next++;
    walk->left--;
    if (stretch->bytes != NULL) {
      offer(&walk->feed, stretch->bytes, stretch->length);
    } else {
      walk->feed.now = lane->held;
      walk->feed.now_blocks = pad_held(lane) / 64;
      lane->held_bytes = 0;
      walk->closing = true;
    }
  }
}

/* A lane with whole blocks ready joins in; the one with the fewest says how far all go together. */
static void activate(int *active, size_t *blocks, int lane, size_t ready_blocks) {
  if (ready_blocks == 0) return;
  *active |= lane;
  if (ready_blocks < *blocks) *blocks = ready_blocks;
}

static void advance(struct feed *feed, const uint8_t *at, size_t blocks) {
  feed->now = at;
  feed->now_blocks -= blocks;
}

void lanes_run(struct lanes *lanes, const struct work *work) {
  struct feed mdc = {.lane = &lanes->mdc}, message = {.lane = &lanes->message};
  struct content_walk content = {
    .feed = {.lane = &lanes->content}, .next = work->contents, .left = work->content_count, .digests = work->digests};
  struct cipher_lane *cipher = &lanes->cipher;
  offer(&message, work->message, work->message_length);
  offer(&mdc, work->mdc, work->mdc_length);
  const int ciphering = work->direction == DIRECTION_ENCRYPT ? ACTIVE_ENCRYPT : ACTIVE_DECRYPT;
  const size_t begun = (16 - cipher->used_bytes) & 15;
  const size_t lead = begun < work->length ? begun : work->length;
  crypt_bytes(cipher, work->direction, work->input, work->output, lead);
  struct cursors at = {.input = work->input + lead, .output = work->output + lead};
  size_t cipher_blocks = cipher->used_bytes == 0 ? (work->length - lead) / 64 : 0;
  size_t crypted = lead;
  for (;;) {
    refill_all(&mdc);
    refill_all(&message);
    refill_content(&content);
    int active = 0;
    size_t blocks = SIZE_MAX;
    activate(&active, &blocks, ciphering, cipher_blocks);
    activate(&active, &blocks, ACTIVE_MDC, mdc.now_blocks);
    activate(&active, &blocks, ACTIVE_MESSAGE, message.now_blocks);
    activate(&active, &blocks, ACTIVE_CONTENT, content.feed.now_blocks);
    if (active == 0) break;
    at.mdc = mdc.now, at.message = message.now, at.content = content.feed.now;
    kernels[active](lanes, &at, blocks);
    if (active & ciphering) cipher_blocks -= blocks, crypted += 64 * blocks;
    if (active & ACTIVE_MDC) advance(&mdc, at.mdc, blocks);
    if (active & ACTIVE_MESSAGE) advance(&message, at.message, blocks);
    if (active & ACTIVE_CONTENT) advance(&content.feed, at.content, blocks);
  }
  crypt_bytes(cipher, work->direction, work->input + crypted, work->output + crypted, work->length - crypted);
}

#endif
