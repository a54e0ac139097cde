/* What lstat and the attribute list tell of an entry, as one fixed record: a listing crosses to JavaScript as one buffer. */
#ifndef POSIX_ENTRIES_LISTING_H
#define POSIX_ENTRIES_LISTING_H

#include "arguments.h"

/* Mirrored by records.js: eight-byte fields first, then four-byte ones, in the machine's byte order. */
struct record {
  uint64_t inode;
  uint64_t device;
  int64_t mtime_seconds;
  int64_t ctime_seconds;
  uint64_t size_bytes;
  uint64_t blocks;
  uint32_t mode;
  uint32_t uid;
  uint32_t gid;
  uint32_t links;
  uint32_t mtime_nanoseconds;
  uint32_t ctime_nanoseconds;
  uint32_t device_major;
  uint32_t device_minor;
  uint32_t has_xattrs;
  uint32_t error;
  uint32_t name_offset;
  uint32_t name_length;
};

/* Fills everything but the name and `error`; returns 0 or an errno. `name` NULL: the descriptor itself. */
int examine_entry(int directory_fd, const char *name, bool with_xattrs, struct record *record);

#endif
