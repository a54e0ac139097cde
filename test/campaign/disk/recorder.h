#ifndef RECORDER_H
#define RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What is written into the log, and read by log.ts. */
enum record_kind {
  RECORD_CREATE = 1,
  RECORD_OPEN = 2,
  RECORD_WRITE = 3,
  RECORD_TRUNCATE = 4,
  RECORD_RENAME = 5,
  RECORD_LINK = 6,
  RECORD_UNLINK = 7,
  RECORD_MKDIR = 8,
  RECORD_SYNC = 9,
  RECORD_SYNC_FOLDER = 10,
  RECORD_CHMOD = 11,
  RECORD_UNKNOWN = 12,
  RECORD_SYNC_ALL = 13,
  RECORD_READ = 14,
};

/* Little endian; followed by path, other path and data. */
struct record {
  uint32_t kind;
  uint32_t path_length;
  uint32_t other_length;
  uint32_t data_length;
  uint64_t inode;
  uint64_t offset;
  uint32_t mode;
  uint32_t process;
};

enum fault_verdict { FAULT_NONE, FAULT_NOW, FAULT_HALF };

/* One call after the other: the order of the log is the order in which things happened. */
void recorder_lock(void);
void recorder_unlock(void);

/* Absolute, below the folder that is watched? Then the part behind it, else NULL. */
const char *recorder_below(const char *path);
/* Where `path`, relative to `folder` (a descriptor or AT_FDCWD), is: without links followed at its end. False where that cannot be said. */
bool recorder_resolve(int folder, const char *path, char *out, size_t out_size);

void recorder_log(const struct record *head, const char *path, const char *other, const void *data);

/* Whether a call of this kind ("read", "write", "sync", "rename", "create", "mkdir", "truncate") on this path is to fail; the error is in *error then. */
enum fault_verdict recorder_fault(const char *operation, const char *path, int *error);

/* The path below the folder at which an open descriptor was opened; NULL for all others. */
const char *recorder_path_of(int fd);
/* Says that something happened which the replay has no model for. */
void recorder_unknown(const char *what, const char *path);

/* The function of the C library that stands behind ours. */
#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, #name)

#endif
