/*
 * The lanes without Node, for the sanitizers: buffers of exactly the length that is used, at all alignments, split at random.
 * Every split must
 * give what one call gives, and what FIPS 180 says of "abc".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"
#include "ocb.h"

static uint32_t state = 12345;

static uint32_t any(uint32_t limit) {
  state = state * 1664525u + 1013904223u;
  return (state >> 8) % limit;
}

struct result {
  uint8_t output[2000], mdc[20], message[32], digests[96];
};

static const uint8_t *copy_of(const uint8_t *bytes, size_t length, uint8_t **owner) {
  const size_t offset = any(16);
  *owner = malloc(offset + length + 1);
  memcpy(*owner + offset, bytes, length);
  return *owner + offset;
}

static void run(struct result *result, const uint8_t *bytes, size_t length, enum direction direction, int pieces) {
  struct lanes *lanes = aligned_alloc(64, (sizeof *lanes + 63) / 64 * 64);
  const uint8_t key[32] = {1, 2, 3};
  lanes_start(lanes, key);
  size_t done = 0;
  for (int piece = 0; piece < pieces; piece++) {
    const size_t now = piece == pieces - 1 ? length - done : any((uint32_t)(length - done) + 1);
    uint8_t *owners[3], *output = malloc(now + 1), digests[96];
    const uint8_t *input = copy_of(bytes + done, now, &owners[0]), *message = copy_of(bytes + done, now, &owners[1]);
    const uint8_t *content = copy_of(bytes + done, now, &owners[2]);
    const bool last = piece == pieces - 1;
    const struct stretch contents[4] = {{content, now / 2}, {content + now / 2, now - now / 2}, {NULL, 0}, {NULL, 0}};
    const struct work work = {direction, input, output, now, input, now, message, now, contents, last ? 4 : 2, digests};
    lanes_run(lanes, &work);
    memcpy(result->output + done, output, now);
    if (last) memcpy(result->digests, digests, 64);
    for (int i = 0; i < 3; i++) free(owners[i]);
    free(output);
    done += now;
  }
  lanes_mdc(lanes, result->mdc);
  lanes_message(lanes, result->message);
  free(lanes);
}

/* One OCB message in so many updates, each into exactly the room it needs. Returns its length. */
static size_t run_ocb(uint8_t *message, const uint8_t *bytes, size_t length, int pieces) {
  struct ocb *ocb = aligned_alloc(64, (sizeof *ocb + 63) / 64 * 64);
  const uint8_t key[32] = {1, 2, 3}, nonce[15] = {[14] = (uint8_t)length};
  uint8_t *owner, tail[31];
  const size_t associated_length = length % 40;
  const uint8_t *associated = copy_of(bytes, associated_length < length ? associated_length : 0, &owner);
  ocb_key(ocb, key);
  ocb_start(ocb, nonce, associated, associated_length < length ? associated_length : 0);
  free(owner);
  size_t done = 0, written = 0;
  for (int piece = 0; piece < pieces; piece++) {
    const size_t now = piece == pieces - 1 ? length - done : any((uint32_t)(length - done) + 1);
    const uint8_t *input = copy_of(bytes + done, now, &owner);
    const size_t size = ocb_update_size(ocb, now);
    uint8_t *output = malloc(size > 0 ? size : 1);
    ocb_update(ocb, input, now, output);
    memcpy(message + written, output, size);
    free(output);
    free(owner);
    done += now, written += size;
  }
  const size_t last = ocb_finish(ocb, tail);
  memcpy(message + written, tail, last);
  free(ocb);
  return written + last;
}

static bool ocb_is_split_alike(const uint8_t *bytes, size_t length) {
  static uint8_t whole[2100], split[2100];
  const size_t whole_length = run_ocb(whole, bytes, length, 1);
  const size_t split_length = run_ocb(split, bytes, length, 1 + (int)any(8));
  return whole_length == length + 16 && split_length == whole_length && memcmp(whole, split, whole_length) == 0;
}

int main(void) {
  static const uint8_t abc_sha256[4] = {0xba, 0x78, 0x16, 0xbf}, abc_sha1[4] = {0xa9, 0x99, 0x3e, 0x36};
  static struct result whole, split;
  uint8_t bytes[2000];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)any(256);
  run(&whole, (const uint8_t *)"abc", 3, DIRECTION_ENCRYPT, 1);
  if (memcmp(whole.message, abc_sha256, 4) != 0 || memcmp(whole.digests, abc_sha256, 4) != 0) return puts("abc"), 1;
  if (memcmp(whole.mdc, abc_sha1, 4) != 0) return puts("abc by SHA-1"), 1;
  for (int round = 0; round < 400; round++) {
    const size_t length = any(sizeof bytes + 1);
    const enum direction direction = round & 1 ? DIRECTION_DECRYPT : DIRECTION_ENCRYPT;
    memset(&whole, 0, sizeof whole);
    memset(&split, 0, sizeof split);
    run(&whole, bytes, length, direction, 1);
    run(&split, bytes, length, direction, 1 + (int)any(8));
    if (memcmp(&whole, &split, sizeof whole) != 0) return printf("split %zu\n", length), 1;
    if (memcmp(whole.message, whole.digests, 32) != 0) return printf("lanes %zu\n", length), 1;
    if (!ocb_is_split_alike(bytes, length)) return printf("ocb %zu\n", length), 1;
  }
  return puts("clean") < 0;
}
