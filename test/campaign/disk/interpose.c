/*
 * Stands before the C library (LD_PRELOAD) and sees every call that changes files below one folder. SQLite, libuv and our native parts all call the
 * C library by name, so nothing passes by; what could and is not understood is logged as unknown, and the campaign refuses such a log.
 */
#define _GNU_SOURCE
#include "recorder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { descriptors_most = 65536 };

/* The path at which a descriptor was opened, for files below the folder; NULL for all others. */
static char *opened[descriptors_most];
static ino_t opened_inode[descriptors_most];

/* closedir() and the like close without passing here: a descriptor that is another file by now is none of ours. */
const char *recorder_path_of(int fd) {
  if (fd < 0 || fd >= descriptors_most || opened[fd] == NULL) return NULL;
  struct stat facts;
  return fstat(fd, &facts) == 0 && facts.st_ino == opened_inode[fd] ? opened[fd] : NULL;
}

static void forget(int fd) {
  if (fd < 0 || fd >= descriptors_most || opened[fd] == NULL) return;
  free(opened[fd]);
  opened[fd] = NULL;
}

void recorder_unknown(const char *what, const char *path) {
  struct record head = {.kind = RECORD_UNKNOWN};
  recorder_log(&head, path, what, NULL);
}

static uint64_t inode_of(int fd, uint32_t *mode) {
  struct stat facts;
  if (fstat(fd, &facts) != 0) return 0;
  if (mode != NULL) *mode = facts.st_mode;
  return facts.st_ino;
}

static int fail(int error) {
  errno = error;
  return -1;
}

/* Opening */

static int (*real_openat)(int, const char *, int, ...);

static int open_seen(int folder, const char *path, int flags, mode_t mode) {
  if (real_openat == NULL) *(void **)&real_openat = dlsym(RTLD_NEXT, "openat64");
  char whole[PATH_MAX];
  const char *below = recorder_resolve(folder, path, whole, sizeof whole) ? recorder_below(whole) : NULL;
  if (below == NULL || (flags & O_PATH) != 0) {
    int fd = real_openat(folder, path, flags, mode);
    recorder_lock();
    forget(fd);
    recorder_unlock();
    return fd;
  }
  recorder_lock();
  struct stat before;
  bool was_there = fstatat(AT_FDCWD, whole, &before, (flags & O_NOFOLLOW) != 0 ? AT_SYMLINK_NOFOLLOW : 0) == 0;
  int error;
  if (!was_there && (flags & O_CREAT) != 0 && recorder_fault("create", below, &error) != FAULT_NONE) {
    recorder_unlock();
    return fail(error);
  }
  int fd = real_openat(folder, path, flags, mode);
  int said = errno;
  if (fd >= 0 && fd < descriptors_most) {
    forget(fd);
    opened[fd] = strdup(below);
    struct record head = {.kind = was_there ? RECORD_OPEN : RECORD_CREATE};
    head.inode = inode_of(fd, &head.mode);
    opened_inode[fd] = head.inode;
    if (!S_ISDIR(head.mode)) recorder_log(&head, below, NULL, NULL);
    if (was_there && (flags & O_TRUNC) != 0 && before.st_size > 0) {
      head.kind = RECORD_TRUNCATE;
      recorder_log(&head, below, NULL, NULL);
    }
    if ((flags & O_TMPFILE) == O_TMPFILE) recorder_unknown("O_TMPFILE", below);
  }
  recorder_unlock();
  errno = said;
  return fd;
}

#define OPEN_WITH_MODE(name, ...) \
  mode_t mode = 0; \
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) { \
    va_list more; \
    va_start(more, flags); \
    mode = va_arg(more, mode_t); \
    va_end(more); \
  } \
  return open_seen(__VA_ARGS__, path, flags, mode);

int open(const char *path, int flags, ...) { OPEN_WITH_MODE(open, AT_FDCWD) }
int open64(const char *path, int flags, ...) { OPEN_WITH_MODE(open64, AT_FDCWD) }
int openat(int folder, const char *path, int flags, ...) { OPEN_WITH_MODE(openat, folder) }
int openat64(int folder, const char *path, int flags, ...) { OPEN_WITH_MODE(openat64, folder) }
int __open_2(const char *path, int flags) { return open_seen(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_seen(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return open_seen(folder, path, flags, 0); }
int __openat64_2(int folder, const char *path, int flags) { return open_seen(folder, path, flags, 0); }
int creat(const char *path, mode_t mode) { return open_seen(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

FILE *fopen64(const char *path, const char *how) {
  REAL(FILE *, fopen64, const char *, const char *);
  char whole[PATH_MAX];
  const char *below = recorder_resolve(AT_FDCWD, path, whole, sizeof whole) ? recorder_below(whole) : NULL;
  if (below != NULL && strpbrk(how, "wa+") != NULL) recorder_unknown("fopen", below);
  return real(path, how);
}
FILE *fopen(const char *path, const char *how) { return fopen64(path, how); }

int close(int fd) {
  REAL(int, close, int);
  if (fd >= 0 && fd < descriptors_most && opened[fd] != NULL) {
    recorder_lock();
    forget(fd);
    recorder_unlock();
  }
  return real(fd);
}

/* Reading: it changes nothing, but a disk may refuse it. */

static bool refuses_to_read(int fd) {
  if (recorder_path_of(fd) == NULL) return false;
  recorder_lock();
  const char *path = recorder_path_of(fd);
  int error;
  bool refused = path != NULL && recorder_fault("read", path, &error) != FAULT_NONE;
  struct record head = {.kind = RECORD_READ};
  if (path != NULL && !refused) recorder_log(&head, path, NULL, NULL);
  recorder_unlock();
  if (refused) errno = error;
  return refused;
}

ssize_t read(int fd, void *into, size_t size) {
  REAL(ssize_t, read, int, void *, size_t);
  return refuses_to_read(fd) ? -1 : real(fd, into, size);
}

ssize_t pread64(int fd, void *into, size_t size, off64_t offset) {
  REAL(ssize_t, pread64, int, void *, size_t, off64_t);
  return refuses_to_read(fd) ? -1 : real(fd, into, size, offset);
}
ssize_t pread(int fd, void *into, size_t size, off_t offset) { return pread64(fd, into, size, offset); }

/* Writing */

/* `done` bytes of `data` were written at `offset`. */
static void log_written(int fd, const char *path, uint64_t offset, const void *data, size_t done) {
  struct record head = {.kind = RECORD_WRITE, .offset = offset, .data_length = (uint32_t)done};
  head.inode = inode_of(fd, &head.mode);
  recorder_log(&head, path, NULL, data);
}

/* Where a write without an offset went: read after it, which is right for O_APPEND as well. */
static uint64_t written_at(int fd, size_t done) {
  off_t now = lseek(fd, 0, SEEK_CUR);
  return now < 0 ? 0 : (uint64_t)now - done;
}

ssize_t write(int fd, const void *data, size_t size) {
  REAL(ssize_t, write, int, const void *, size_t);
  if (recorder_path_of(fd) == NULL) return real(fd, data, size);
  recorder_lock();
  const char *path = recorder_path_of(fd);
  int error;
  enum fault_verdict verdict = path == NULL ? FAULT_NONE : recorder_fault("write", path, &error);
  ssize_t done;
  if (verdict == FAULT_NOW || (verdict == FAULT_HALF && size < 2)) done = fail(error);
  else done = real(fd, data, verdict == FAULT_HALF ? size / 2 : size);
  int said = errno;
  if (done > 0 && path != NULL) log_written(fd, path, written_at(fd, (size_t)done), data, (size_t)done);
  recorder_unlock();
  errno = said;
  return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  if (recorder_path_of(fd) == NULL) return real(fd, data, size, offset);
  recorder_lock();
  const char *path = recorder_path_of(fd);
  int error;
  enum fault_verdict verdict = path == NULL ? FAULT_NONE : recorder_fault("write", path, &error);
  ssize_t done;
  if (verdict == FAULT_NOW || (verdict == FAULT_HALF && size < 2)) done = fail(error);
  else done = real(fd, data, verdict == FAULT_HALF ? size / 2 : size, offset);
  int said = errno;
  if (done > 0 && path != NULL) log_written(fd, path, (uint64_t)offset, data, (size_t)done);
  recorder_unlock();
  errno = said;
  return done;
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return pwrite64(fd, data, size, offset); }

/* Gathered pieces are written one by one: whoever calls must expect a short count anyway. */
ssize_t writev(int fd, const struct iovec *pieces, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  if (recorder_path_of(fd) == NULL) return real(fd, pieces, count);
  for (int at = 0; at < count; at += 1) if (pieces[at].iov_len > 0) return write(fd, pieces[at].iov_base, pieces[at].iov_len);
  return 0;
}

ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off64_t offset) {
  REAL(ssize_t, pwritev64, int, const struct iovec *, int, off64_t);
  if (recorder_path_of(fd) == NULL) return real(fd, pieces, count, offset);
  for (int at = 0; at < count; at += 1) if (pieces[at].iov_len > 0) return pwrite64(fd, pieces[at].iov_base, pieces[at].iov_len, offset);
  return 0;
}
ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t offset) { return pwritev64(fd, pieces, count, offset); }

int ftruncate64(int fd, off64_t size) {
  REAL(int, ftruncate64, int, off64_t);
  if (recorder_path_of(fd) == NULL) return real(fd, size);
  recorder_lock();
  const char *path = recorder_path_of(fd);
  struct stat before = {0};
  int error;
  bool grows = fstat(fd, &before) == 0 && size > before.st_size;
  int done = path != NULL && grows && recorder_fault("truncate", path, &error) != FAULT_NONE ? fail(error) : real(fd, size);
  int said = errno;
  if (done == 0 && path != NULL) {
    struct record head = {.kind = RECORD_TRUNCATE, .offset = (uint64_t)size, .inode = before.st_ino, .mode = before.st_mode};
    recorder_log(&head, path, NULL, NULL);
  }
  recorder_unlock();
  errno = said;
  return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

/* Making durable */

static int sync_seen(int fd, int (*real)(int)) {
  if (recorder_path_of(fd) == NULL) return real(fd);
  recorder_lock();
  const char *path = recorder_path_of(fd);
  int error;
  int done = path != NULL && recorder_fault("sync", path, &error) != FAULT_NONE ? fail(error) : real(fd);
  int said = errno;
  if (done == 0 && path != NULL) {
    struct record head = {.kind = RECORD_SYNC};
    head.inode = inode_of(fd, &head.mode);
    if (S_ISDIR(head.mode)) head.kind = RECORD_SYNC_FOLDER;
    recorder_log(&head, path, NULL, NULL);
  }
  recorder_unlock();
  errno = said;
  return done;
}

int fsync(int fd) {
  REAL(int, fsync, int);
  return sync_seen(fd, real);
}
int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  return sync_seen(fd, real);
}

/* The whole file system: logged for the one disk that the folder is on, which is the least that it makes durable. */
int syncfs(int fd) {
  REAL(int, syncfs, int);
  if (recorder_path_of(fd) == NULL) return real(fd);
  recorder_lock();
  const char *path = recorder_path_of(fd);
  int error;
  int done = path != NULL && recorder_fault("sync", path, &error) != FAULT_NONE ? fail(error) : real(fd);
  int said = errno;
  struct record head = {.kind = RECORD_SYNC_ALL};
  if (done == 0 && path != NULL) recorder_log(&head, path, NULL, NULL);
  recorder_unlock();
  errno = said;
  return done;
}

/* Names */

/* `real` is called with the paths as they were given; what is logged is where they lie. */
static int names_seen(const char *operation, enum record_kind kind, int from_folder, const char *from, int to_folder, const char *to, int (*real)(void *), void *call) {
  char whole_from[PATH_MAX];
  char whole_to[PATH_MAX];
  const char *below_from = recorder_resolve(from_folder, from, whole_from, sizeof whole_from) ? recorder_below(whole_from) : NULL;
  const char *below_to = to != NULL && recorder_resolve(to_folder, to, whole_to, sizeof whole_to) ? recorder_below(whole_to) : NULL;
  if (below_from == NULL && below_to == NULL) return real(call);
  recorder_lock();
  const char *named = below_to != NULL ? below_to : below_from;
  int error;
  int done = recorder_fault(operation, named, &error) != FAULT_NONE ? fail(error) : real(call);
  int said = errno;
  if (done == 0) {
    struct record head = {.kind = kind};
    struct stat facts;
    if (fstatat(AT_FDCWD, below_to != NULL ? whole_to : whole_from, &facts, AT_SYMLINK_NOFOLLOW) == 0) {
      head.inode = facts.st_ino;
      head.mode = facts.st_mode;
    }
    if (to != NULL && (below_from == NULL || below_to == NULL)) recorder_unknown("a name that leaves or enters", named);
    else recorder_log(&head, below_from, below_to, NULL);
  }
  recorder_unlock();
  errno = said;
  return done;
}

struct names { int from_folder; const char *from; int to_folder; const char *to; int flags; mode_t mode; };

static int do_rename(void *call) {
  REAL(int, renameat, int, const char *, int, const char *);
  struct names *its = call;
  return real(its->from_folder, its->from, its->to_folder, its->to);
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  struct names call = {from_folder, from, to_folder, to, 0, 0};
  return names_seen("rename", RECORD_RENAME, from_folder, from, to_folder, to, do_rename, &call);
}
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

static int do_link(void *call) {
  REAL(int, linkat, int, const char *, int, const char *, int);
  struct names *its = call;
  return real(its->from_folder, its->from, its->to_folder, its->to, its->flags);
}
int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  struct names call = {from_folder, from, to_folder, to, flags, 0};
  return names_seen("link", RECORD_LINK, from_folder, from, to_folder, to, do_link, &call);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

static int do_unlink(void *call) {
  REAL(int, unlinkat, int, const char *, int);
  struct names *its = call;
  return real(its->from_folder, its->from, its->flags);
}
int unlinkat(int folder, const char *path, int flags) {
  struct names call = {folder, path, 0, NULL, flags, 0};
  return names_seen("unlink", RECORD_UNLINK, folder, path, 0, NULL, do_unlink, &call);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  int done = unlink(path);
  return done != 0 && errno == EISDIR ? rmdir(path) : done;
}

static int do_mkdir(void *call) {
  REAL(int, mkdirat, int, const char *, mode_t);
  struct names *its = call;
  return real(its->from_folder, its->from, its->mode);
}
int mkdirat(int folder, const char *path, mode_t mode) {
  struct names call = {folder, path, 0, NULL, 0, mode};
  return names_seen("mkdir", RECORD_MKDIR, folder, path, 0, NULL, do_mkdir, &call);
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

static int do_chmod(void *call) {
  REAL(int, fchmodat, int, const char *, mode_t, int);
  struct names *its = call;
  return real(its->from_folder, its->from, its->mode, its->flags);
}
int fchmodat(int folder, const char *path, mode_t mode, int flags) {
  struct names call = {folder, path, 0, NULL, flags, mode};
  return names_seen("chmod", RECORD_CHMOD, folder, path, 0, NULL, do_chmod, &call);
}
int chmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, 0); }

int fchmod(int fd, mode_t mode) {
  REAL(int, fchmod, int, mode_t);
  int done = real(fd, mode);
  const char *path = recorder_path_of(fd);
  if (done == 0 && path != NULL) {
    recorder_lock();
    struct record head = {.kind = RECORD_CHMOD};
    head.inode = inode_of(fd, &head.mode);
    recorder_log(&head, path, NULL, NULL);
    recorder_unlock();
  }
  return done;
}
